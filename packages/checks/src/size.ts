import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { buildSync } from 'esbuild';
import { root } from './imports.ts';

/** Marks of the product: brotli 11, bytes, everything included. */
const KB = 1000;

interface Part {
  name: string;
  code: Uint8Array;
}

/** What a page loads to hold an interview, first, then what it loads only when that is asked for. */
function sdk(): Part[] {
  const { outputFiles } = buildSync({
    stdin: {
      contents: `export { InterviewSession, InterviewError } from '@interview/rtc';`,
      resolveDir: `${root}packages/checks`,
      loader: 'ts',
      sourcefile: 'sdk.ts',
    },
    bundle: true,
    minify: true,
    write: false,
    splitting: true,
    outdir: root,
    chunkNames: '[name]',
    format: 'esm',
    target: 'es2022',
    conditions: ['source', 'browser'],
  });
  return outputFiles
    .map(({ path, contents }) => ({ name: basename(path), code: contents }))
    .sort((a, b) => b.code.length - a.code.length);
}

/** The file of the script tag, first, then what lies beside it. */
function scriptTag(): Part[] {
  const dist = `${root}packages/room/dist/`;
  if (!existsSync(`${dist}ai-interview-room.js`)) throw new Error('Run npm run build first.');
  return readdirSync(dist)
    .filter((file) => /^ai-interview-room(\.[a-z-]+)?\.js$/.test(file))
    .map((name) => ({ name, code: readFileSync(dist + name) }))
    .sort((a, b) => b.code.length - a.code.length);
}

const marks = [
  { name: '@interview/rtc with its dependencies', limit: 20 * KB, parts: sdk() },
  { name: 'ai-interview-room.js with Lit and the SDK', limit: 40 * KB, parts: scriptTag() },
];

function brotli(code: Uint8Array): number {
  return brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
}

const kilobytes = (bytes: number): string => `${(bytes / KB).toFixed(1)} KB`;

let tooLarge = false;
for (const { name, limit, parts } of marks) {
  const [bytes = 0, ...others] = parts.map(({ code }) => brotli(code));
  const fits = bytes <= limit;
  tooLarge ||= !fits;
  console.log(
    `${fits ? 'ok  ' : 'FAIL'}  ${name}: ${kilobytes(bytes)} of ${kilobytes(limit)} (brotli)`,
  );
  for (const [index, size] of others.entries()) {
    console.log(`      on demand: ${parts[index + 1]?.name ?? ''} ${kilobytes(size)}`);
  }
}
process.exit(tooLarge ? 1 : 0);
