import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import type { Plugin, RollupOptions, SourceMapInput } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import esbuild from 'rollup-plugin-esbuild';
import { minify } from 'terser';
import {
  again,
  besideTheScript,
  languages,
  parts,
  sharedWithTheScript,
} from './packages/room/rollup/beside.ts';
import { samePrivateNames } from './packages/room/rollup/same-private-names.ts';
import { tightTemplates } from './packages/room/rollup/tight-templates.ts';
import { withoutLog } from './packages/room/rollup/without-log.ts';
import { withoutGlobals } from './packages/room/rollup/without-globals.ts';

/*
 * Builds what browsers load: `rollup -c ../../rollup.config.ts --configPackage rtc` in a package's folder does that package, without
 * `--configPackage` it does all. Sources are resolved by the condition `source`, so packages build in any order.
 */
const root = fileURLToPath(new URL('.', import.meta.url));

/** The protocol is not published: its types become part of whatever names them. */
const protocol: Plugin = {
  name: 'protocol-types',
  resolveId: (source) =>
    source === '@interview/protocol' ? `${root}packages/protocol/src/index.ts` : null,
};

/** Names are shortened once all is in one file: module by module they would come out less alike. */
const shorten: Plugin = {
  name: 'shorten',
  async renderChunk(code, _chunk, { format }) {
    const short = await minify(code, {
      compress: { passes: 3, inline: false, sequences: false },
      ecma: 2020,
      format: { comments: false },
      module: format === 'es',
      sourceMap: { asObject: true },
    });
    return { code: short.code ?? code, map: short.map as SourceMapInput };
  },
};

function compile(name: string): Plugin[] {
  const tsconfig = `${root}packages/${name}/tsconfig.json`;
  return [
    nodeResolve({ browser: true, exportConditions: ['source', 'browser', 'import', 'default'] }),
    esbuild({ target: 'es2022', tsconfig, legalComments: 'none' }),
  ];
}

/** An error that the tests' door throws is one of the main door, so that `instanceof` holds. */
const paths = (id: string): string => (id.endsWith('/rtc/src/errors.ts') ? './index.js' : id);

/** A module for people who bundle: dependencies stay outside, the protocol comes along. Its types beside it. */
function library(name: string, entry: string, external: RegExp): RollupOptions[] {
  const input = `${root}packages/${name}/src/${entry}.ts`;
  if (!existsSync(input)) return [];
  const file = entry === 'index' ? entry : (entry.split('/')[0] ?? entry);
  const dist = `${root}packages/${name}/dist`;
  return [
    {
      input,
      external,
      output: {
        dir: dist,
        entryFileNames: `${file}.js`,
        chunkFileNames: '[name].js',
        format: 'es',
        sourcemap: true,
        paths,
      },
      plugins: compile(name),
    },
    {
      input,
      external,
      output: { file: `${dist}/${file}.d.ts`, format: 'es', paths },
      plugins: [protocol, dts({ tsconfig: `${root}packages/${name}/tsconfig.json` })],
    },
  ];
}

/** One of the files beside the script-tag file. */
function beside([name, input]: [name: string, input: string]): RollupOptions {
  return {
    input,
    output: {
      file: `${root}packages/room/dist/ai-interview-room.${name}.js`,
      format: 'es',
      inlineDynamicImports: true,
      sourcemap: true,
    },
    plugins: [sharedWithTheScript(), ...compile('room'), tightTemplates, withoutLog, shorten],
    treeshake: { propertyReadSideEffects: false },
  };
}

const packages: Record<string, RollupOptions[]> = {
  rtc: [
    ...library('rtc', 'index', /^zod(\/|$)/),
    ...library('rtc', 'testing/testing', /^zod(\/|$)|\/rtc\/src\/errors\.ts$/),
  ],
  room: [
    ...library('room', 'index', /^(lit|@interview\/rtc)(\/|$)/),
    {
      input: `${root}packages/room/src/script-tag.ts`,
      output: {
        file: `${root}packages/room/dist/ai-interview-room.js`,
        format: 'iife',
        inlineDynamicImports: true,
        sourcemap: true,
        // A page that has the room already keeps that one.
        intro: `if (customElements.get('ai-interview-room')) return; ${again}`,
      },
      plugins: [
        besideTheScript,
        withoutGlobals,
        ...compile('room'),
        tightTemplates,
        withoutLog,
        samePrivateNames,
        shorten,
      ],
    },
    ...Object.entries({ ...parts, ...languages }).map(beside),
  ],
};

export default function configure(flags: { configPackage?: string }): RollupOptions[] {
  const { configPackage } = flags;
  if (configPackage === undefined) return Object.values(packages).flat();
  const chosen = packages[configPackage];
  if (chosen === undefined) throw new Error(`No build is described for ${configPackage}.`);
  return chosen;
}
