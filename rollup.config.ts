import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import type { Plugin, RollupOptions, SourceMapInput } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import esbuild from 'rollup-plugin-esbuild';
import { minify } from 'terser';
import { samePrivateNames } from './packages/room/rollup/same-private-names.ts';
import { tightTemplates } from './packages/room/rollup/tight-templates.ts';
import { withoutLog } from './packages/room/rollup/without-log.ts';

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

/**
 * What the script-tag file loads from beside it: parts that a page takes while it comes up or goes live, and parts that
 * few need. What else the SDK loads on demand is in the main file there, since a candidate may be offline when it is
 * needed.
 */
const beside = {
  alone: 'session/alone',
  http: 'signalling/http',
  'ask-proxy': 'signalling/ask-proxy',
  practice: 'media/practice',
  'start-by-client': 'session/start-by-client',
  'keep-call': 'session/keep-call',
  candidate: 'session/candidate',
  resumable: 'session/resumable',
  'late-rows': 'session/late-rows',
  'define-late': '../../room/src/room/define-late',
};

const besideTheScript: Plugin = {
  name: 'beside-the-script',
  resolveDynamicImport(specifier) {
    if (typeof specifier !== 'string') return null;
    const name = Object.keys(beside).find((one) => specifier.endsWith(`/${one}.ts`));
    if (name === undefined) return null;
    return { id: `./ai-interview-room.${name}.js`, external: 'relative' };
  },
};

/** Elements without which a room is whole come later, and lie beside the script as well. */
const late: Plugin = {
  name: 'late',
  resolveId: (source) =>
    /^\.\.\/(transcript\/transcript|visualizer\/visualizer)\.ts$/.test(source)
      ? `${root}packages/room/src/late-elements.ts`
      : null,
};

/** A file beside the script takes from it what both need, so that it is there once and an error of one is one of the other. */
const shared: Plugin = {
  name: 'shared',
  resolveId: (source) =>
    /^lit$|\/(errors|localize|tokens|view-model)\.ts$/.test(source) ? '\0shared' : null,
  load: (id) =>
    id === '\0shared'
      ? `export const {
          css, html, LitElement, nothing, render,
          InterviewError, interviewErrorCodes,
          base, clockText, controls, Localize, tokens,
        } = customElements.get('ai-interview-room').shared;
        export const isInterviewErrorCode = (value) => interviewErrorCodes.includes(value);`
      : null,
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
function besides([name, path]: [name: string, path: string]): RollupOptions {
  return {
    input: `${root}packages/rtc/src/${path}.ts`,
    output: {
      file: `${root}packages/room/dist/ai-interview-room.${name}.js`,
      format: 'es',
      inlineDynamicImports: true,
      sourcemap: true,
    },
    plugins: [shared, ...compile('room'), tightTemplates, withoutLog, shorten],
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
        intro: `if (customElements.get('ai-interview-room')) return;`,
      },
      plugins: [
        besideTheScript,
        late,
        ...compile('room'),
        tightTemplates,
        withoutLog,
        samePrivateNames,
        shorten,
      ],
    },
    ...Object.entries(beside).map(besides),
  ],
};

export default function configure(flags: { configPackage?: string }): RollupOptions[] {
  const { configPackage } = flags;
  if (configPackage === undefined) return Object.values(packages).flat();
  const chosen = packages[configPackage];
  if (chosen === undefined) throw new Error(`No build is described for ${configPackage}.`);
  return chosen;
}
