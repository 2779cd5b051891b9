import { existsSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { build, type Plugin } from 'esbuild';
import { minify } from 'terser';
import { languages, parts } from '../../room/rollup/beside.ts';
import { root } from './imports.ts';

/** Marks of the product: brotli 11, bytes, everything included. */
const KB = 1000;

interface Part {
  name: string;
  /** What it adds. */
  bytes: number;
}

/** Bundles and shortens what `contents` loads at once; `onDemand` is told of each module that it loads later. */
async function bundle(contents: string, onDemand: (path: string) => void): Promise<Uint8Array> {
  const later: Plugin = {
    name: 'on-demand',
    setup(builder) {
      builder.onResolve({ filter: /./ }, ({ kind, path, resolveDir }) => {
        if (kind !== 'dynamic-import') return null;
        onDemand(resolve(resolveDir, path));
        return { path, external: true };
      });
    },
  };
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: `${root}packages/checks`, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    conditions: ['source', 'browser'],
    plugins: [later],
  });
  const code = outputFiles[0]?.text ?? '';
  const short = await minify(code, {
    module: true,
    ecma: 2020,
    compress: { passes: 3 },
    format: { comments: false },
  });
  return new TextEncoder().encode(short.code);
}

const entry = `export { InterviewSession, InterviewError } from '@interview/rtc';`;
const reExport = (path: string, index: number): string =>
  `export * as part${index} from ${JSON.stringify(path)};`;

/** What a page loads to begin an interview, first, then what it loads later or only when that is asked for. */
async function sdk(): Promise<Part[]> {
  const later = new Set<string>();
  const beginning = await bundle(entry, (path) => later.add(path));
  const parts = [{ name: 'entry', bytes: brotli(beginning) }];
  for (const path of later) {
    const both = await bundle(entry + reExport(path, 0), (more) => later.add(more));
    parts.push({ name: basename(path, '.ts'), bytes: brotli(both) - brotli(beginning) });
  }
  return parts;
}

/** What every interview has loaded once it is live: the beginning, and what must be there when the network is not. */
async function sdkOnceLive(): Promise<Part[]> {
  const live = ['keep-call', 'candidate', 'reconnect', 'complete'];
  const paths = live.map((name) => `${root}packages/rtc/src/session/${name}.ts`);
  const code = await bundle([entry, ...paths.map(reExport)].join(''), () => undefined);
  return [{ name: 'live', bytes: brotli(code) }];
}

/** Everything in one file, as those have it who bundle without splitting. */
async function sdkWhole(): Promise<Part[]> {
  const paths = new Set<string>();
  await bundle(entry, (path) => paths.add(path));
  for (const path of paths) await bundle(reExport(path, 0), (more) => paths.add(more));
  const code = await bundle([entry, ...[...paths].map(reExport)].join(''), () => undefined);
  return [{ name: 'whole', bytes: brotli(code) }];
}

/** Files of the script tag by the names behind their first dot; the main one has none. */
function scriptTag(...names: string[]): Part[] {
  return names.map((name) => {
    const file = name === '' ? 'ai-interview-room.js' : `ai-interview-room.${name}.js`;
    const path = `${root}packages/room/dist/${file}`;
    if (!existsSync(path)) throw new Error(`${file} is missing: run npm run build first.`);
    return { name: file, bytes: brotli(readFileSync(path)) };
  });
}

interface Mark {
  name: string;
  limit: number;
  /** The first counts, the others come later; with `each` every one counts. */
  parts: Part[];
  each?: true;
}

const marks: Mark[] = [
  { name: '@interview/rtc to begin an interview', limit: 20 * KB, parts: await sdk() },
  { name: '@interview/rtc, all of a live one', limit: 22.5 * KB, parts: await sdkOnceLive() },
  { name: '@interview/rtc, everything in one file', limit: 25 * KB, parts: await sdkWhole() },
  { name: 'ai-interview-room.js with Lit and the SDK', limit: 40 * KB, parts: scriptTag('') },
  {
    name: 'parts beside ai-interview-room.js, each',
    limit: 8 * KB,
    parts: scriptTag(...Object.keys(parts)),
    each: true,
  },
  {
    name: 'moments of a language, each',
    limit: 2 * KB,
    parts: scriptTag(...Object.keys(languages)),
    each: true,
  },
];

function brotli(code: Uint8Array): number {
  return brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
}

const kilobytes = (bytes: number): string => `${(bytes / KB).toFixed(1)} KB`;

let tooLarge = false;
for (const { name, limit, parts: all, each } of marks) {
  const counted = each ? all : all.slice(0, 1);
  const bytes = Math.max(0, ...counted.map((part) => part.bytes));
  const fits = bytes <= limit;
  tooLarge ||= !fits;
  console.log(
    `${fits ? 'ok  ' : 'FAIL'}  ${name}: ${kilobytes(bytes)} of ${kilobytes(limit)} (brotli)`,
  );
  for (const part of all.slice(each ? 0 : 1)) {
    console.log(`      ${each ? '' : 'later: '}${part.name} ${kilobytes(part.bytes)}`);
  }
}
process.exit(tooLarge ? 1 : 0);
