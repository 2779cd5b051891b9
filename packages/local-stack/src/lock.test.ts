import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeLock } from './lock.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stack-lock-'));
  path = join(folder, 'below', 'lock.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('takeLock', () => {
  it('refuses a second holder while the first lives, and names it', () => {
    const release = takeLock(path);
    expect(() => takeLock(path)).toThrow(`process ${process.pid}`);
    release();
    expect(existsSync(path)).toBe(false);
  });

  it('takes over from a process that is gone', async () => {
    const child = spawn(process.execPath, ['-e', ''], { stdio: 'ignore' });
    const pid = child.pid;
    await once(child, 'exit');
    takeLock(path)();
    writeFileSync(path, JSON.stringify({ pid, began: null }));
    const release = takeLock(path);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: process.pid });
    release();
  });

  it('takes over where the number belongs to another process by now', () => {
    takeLock(path)();
    writeFileSync(path, JSON.stringify({ pid: process.pid, began: 'an earlier life' }));
    expect(() => takeLock(path)).not.toThrow();
  });

  it('takes over from a file that a crash cut off', () => {
    takeLock(path)();
    writeFileSync(path, '{"pid":');
    expect(() => takeLock(path)).not.toThrow();
  });
});
