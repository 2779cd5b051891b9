import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import type { Plugin, RollupOptions, SourceMapInput } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import esbuild from 'rollup-plugin-esbuild';
import { minify } from 'terser';

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

/** Parts of the SDK that a page loads when it first needs them. Each stands alone. */
const onDemand = ['quality', 'practice'] as const;

/** In the script-tag file they are files beside it, so that one file is enough to talk. */
const besideTheScript: Plugin = {
  name: 'beside-the-script',
  resolveDynamicImport(specifier) {
    if (typeof specifier !== 'string') return null;
    const name = onDemand.find((one) => specifier.endsWith(`/${one}.ts`));
    if (name === undefined) return null;
    return { id: `./ai-interview-room.${name}.js`, external: 'relative' };
  },
};

/** Names are shortened once all is in one file: module by module they would come out less alike. */
const shorten: Plugin = {
  name: 'shorten',
  async renderChunk(code, _chunk, { format }) {
    const short = await minify(code, {
      compress: { passes: 3 },
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
function besides(part: (typeof onDemand)[number]): RollupOptions {
  const folder = part === 'practice' ? 'media' : part;
  return {
    input: `${root}packages/rtc/src/${folder}/${part}.ts`,
    output: {
      file: `${root}packages/room/dist/ai-interview-room.${part}.js`,
      format: 'es',
      sourcemap: true,
    },
    plugins: [...compile('rtc'), shorten],
  };
}

const packages: Record<string, RollupOptions[]> = {
  rtc: [
    ...library('rtc', 'index', /^nanoevents$/),
    ...library('rtc', 'testing/testing', /^nanoevents$|\/rtc\/src\/errors\.ts$/),
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
      plugins: [besideTheScript, ...compile('room'), tightTemplates, shorten],
    },
    ...onDemand.map(besides),
  ],
};

export default function configure(flags: { configPackage?: string }): RollupOptions[] {
  const { configPackage } = flags;
  if (configPackage === undefined) return Object.values(packages).flat();
  const chosen = packages[configPackage];
  if (chosen === undefined) throw new Error(`No build is described for ${configPackage}.`);
  return chosen;
}
