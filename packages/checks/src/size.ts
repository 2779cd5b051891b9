import { existsSync, readFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';
import { buildSync } from 'esbuild';
import { root } from './imports.ts';

/** Marks of the product: brotli 11, bytes, everything included. */
const KB = 1000;

interface Mark {
  name: string;
  limit: number;
  code: () => Uint8Array;
}

const marks: readonly Mark[] = [
  {
    name: '@interview/rtc, eventemitter3 and zod included',
    limit: 20 * KB,
    code: () => bundle(`export { InterviewSession, InterviewError } from '@interview/rtc';`),
  },
  {
    name: 'ai-interview-room.js, Lit and the SDK included',
    limit: 40 * KB,
    code: () => {
      const path = `${root}packages/room/dist/ai-interview-room.js`;
      if (!existsSync(path)) throw new Error('Run npm run build first.');
      return readFileSync(path);
    },
  },
];

function bundle(contents: string): Uint8Array {
  const result = buildSync({
    stdin: { contents, resolveDir: `${root}packages/checks`, loader: 'ts' },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    conditions: ['source', 'browser'],
  });
  return result.outputFiles[0]?.contents ?? new Uint8Array();
}

function brotli(code: Uint8Array): number {
  return brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
}

let tooLarge = false;
for (const { name, limit, code } of marks) {
  const bytes = brotli(code());
  const fits = bytes <= limit;
  tooLarge ||= !fits;
  const line = `${(bytes / KB).toFixed(1)} KB of ${(limit / KB).toFixed(0)} KB`;
  console.log(`${fits ? 'ok  ' : 'FAIL'}  ${name}: ${line} (brotli)`);
}
process.exit(tooLarge ? 1 : 0);
