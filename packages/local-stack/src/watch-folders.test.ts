import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { watchFolders } from './watch-folders.ts';

let folder: string;
let calls: (() => void)[];
let stop: () => void;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'interview-watch-'));
  mkdirSync(join(folder, 'deep'));
  calls = [];
  stop = watchFolders([folder], () => new Promise((resolve) => calls.push(resolve)));
});
afterEach(() => {
  stop();
  rmSync(folder, { recursive: true });
});

const write = (name: string): void => writeFileSync(join(folder, name), 'x');
const called = () => expect.poll(() => calls.length, { timeout: 5_000 });

it('tells once of changes that come together, and once more of those that come meanwhile', async () => {
  write('a.ts');
  write('deep/b.ts');
  await called().toBe(1);
  write('a.ts');
  write('deep/c.ts');
  await new Promise((resolve) => setImmediate(resolve));
  expect(calls).toHaveLength(1);
  calls[0]?.();
  await called().toBe(2);
  calls[1]?.();
});
