import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import nodeResolve from '@rollup/plugin-node-resolve';
import type { Plugin, RollupOptions } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import esbuild from 'rollup-plugin-esbuild';

/*
 * Builds what browsers load: `rollup -c ../../rollup.config.ts --configPackage rtc` in a package's folder does that package, without
 * `--configPackage` it does all. Sources are resolved by the condition `source`, so packages build in any order.
 */
const root = fileURLToPath(new URL('.', import.meta.url));

/** eventemitter3 puts a module in front of a CommonJS file; its ready-made module spares us a converter. */
const emitter: Plugin = {
  name: 'eventemitter3-module',
  resolveId: (source) =>
    source === 'eventemitter3'
      ? `${root}node_modules/eventemitter3/dist/eventemitter3.esm.js`
      : null,
};

function compile(name: string, options: { minify: boolean }): Plugin[] {
  const tsconfig = `${root}packages/${name}/tsconfig.json`;
  return [
    emitter,
    nodeResolve({ browser: true, exportConditions: ['source', 'browser', 'import', 'default'] }),
    esbuild({ target: 'es2022', tsconfig, legalComments: 'none', ...options }),
  ];
}

/** A module for people who bundle: dependencies stay outside, the protocol comes along. Its types beside it. */
function library(name: string, entry: string, external: RegExp): RollupOptions[] {
  const input = `${root}packages/${name}/src/${entry}.ts`;
  if (!existsSync(input)) return [];
  const output = `${root}packages/${name}/dist/${entry === 'index' ? entry : (entry.split('/')[0] ?? entry)}`;
  return [
    {
      input,
      external,
      output: { file: `${output}.js`, format: 'es', sourcemap: true },
      plugins: compile(name, { minify: false }),
    },
    {
      input,
      external,
      output: { file: `${output}.d.ts`, format: 'es' },
      plugins: [dts({ tsconfig: `${root}packages/${name}/tsconfig.json` })],
    },
  ];
}

const packages: Record<string, RollupOptions[]> = {
  rtc: [
    ...library('rtc', 'index', /^(eventemitter3|zod)(\/|$)/),
    ...library('rtc', 'testing/index', /^(eventemitter3|zod)(\/|$)/),
  ],
  room: [
    ...library('room', 'index', /^(lit|@interview\/rtc)(\/|$)/),
    {
      input: `${root}packages/room/src/script-tag.ts`,
      output: {
        file: `${root}packages/room/dist/ai-interview-room.js`,
        format: 'iife',
        sourcemap: true,
        // A page that has the room already keeps that one.
        intro: `if (customElements.get('ai-interview-room')) return;`,
      },
      plugins: compile('room', { minify: true }),
    },
  ],
};

export default function configure(flags: { configPackage?: string }): RollupOptions[] {
  const { configPackage } = flags;
  if (configPackage === undefined) return Object.values(packages).flat();
  const chosen = packages[configPackage];
  if (chosen === undefined) throw new Error(`No build is described for ${configPackage}.`);
  return chosen;
}
