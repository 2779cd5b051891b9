import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import type { Plugin, RollupOptions } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import esbuild, { minify } from 'rollup-plugin-esbuild';

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

/** The protocol is not published: its types become part of whatever names them. */
const protocol: Plugin = {
  name: 'protocol-types',
  resolveId: (source) =>
    source === '@interview/protocol' ? `${root}packages/protocol/src/index.ts` : null,
};

/** Every template of markup or style in a syntax tree. */
function* templates(node: unknown): Generator<TaggedTemplateExpression> {
  if (Array.isArray(node)) for (const one of node) yield* templates(one);
  if (typeof node !== 'object' || node === null || !('type' in node)) return;
  const one = node as TaggedTemplateExpression;
  const names = ['html', 'svg', 'css'];
  if (one.type === 'TaggedTemplateExpression' && names.includes(one.tag.name ?? '')) yield one;
  yield* templates(Object.values(node));
}

interface TaggedTemplateExpression {
  type: string;
  tag: { name?: string };
  quasi: { quasis: { start: number; end: number }[] };
}

/** Takes the indentation out of markup and styles, where a blank means the same. */
const tightTemplates: Plugin = {
  name: 'tight-templates',
  transform(code, id) {
    if (!id.includes('/packages/room/src/')) return null;
    const texts = [...templates(this.parse(code).body)].flatMap(({ tag, quasi }) =>
      quasi.quasis.map(({ start, end }) => ({ start, end, style: tag.name === 'css' })),
    );
    let tight = code;
    for (const { start, end, style } of texts.sort((a, b) => b.start - a.start)) {
      const line = code.slice(start, end).replace(/\s*\n\s*/g, ' ');
      const text = style ? line.replace(/([{};,]) /g, '$1').replaceAll(' {', '{') : line;
      tight = tight.slice(0, start) + text + tight.slice(end);
    }
    return { code: tight, map: null };
  },
};

function compile(name: string): Plugin[] {
  const tsconfig = `${root}packages/${name}/tsconfig.json`;
  return [
    emitter,
    nodeResolve({ browser: true, exportConditions: ['source', 'browser', 'import', 'default'] }),
    esbuild({ target: 'es2022', tsconfig, legalComments: 'none' }),
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
      plugins: compile(name),
    },
    {
      input,
      external,
      output: { file: `${output}.d.ts`, format: 'es' },
      plugins: [protocol, dts({ tsconfig: `${root}packages/${name}/tsconfig.json` })],
    },
  ];
}

const packages: Record<string, RollupOptions[]> = {
  rtc: [
    ...library('rtc', 'index', /^(eventemitter3|zod)(\/|$)/),
    ...library('rtc', 'testing/testing', /^(eventemitter3|zod)(\/|$)/),
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
      // Names are shortened once all is in one file: module by module they would come out less alike.
      plugins: [
        ...compile('room'),
        tightTemplates,
        minify({ target: 'es2022', legalComments: 'none' }),
      ],
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
