import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { StackError } from './stack-error.ts';

interface Holder {
  pid: number;
  /** When the process began, in the system's own words: tells it from a later one with the same number. */
  began: string | null;
}

/**
 * Claims a stack's folder for this process: PGlite has no lock of its own, and two processes on one folder destroy it.
 *
 * @returns Gives the folder back.
 * @throws StackError while another living process holds it.
 */
export function takeLock(path: string): () => void {
  mkdirSync(dirname(path), { recursive: true });
  const mine = JSON.stringify({ pid: process.pid, began: beginningOf(process.pid) });
  for (const attempt of ['first', 'after clearing a dead one']) {
    try {
      writeFileSync(path, mine, { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = readHolder(path);
    if (attempt !== 'first' || (holder && isRunning(holder))) {
      throw new StackError(
        `Another stack runs on this data (process ${holder?.pid ?? 'unknown'}). Its addresses are in stack.json beside ${path}. ` +
          'Stop it with Ctrl-C before you start a second one.',
      );
    }
    rmSync(path, { force: true });
  }
  throw new StackError(`${path} can't be written.`);
}

function readHolder(path: string): Holder | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch {
    // Gone, or cut off by a crash: either way nobody is named in it.
    return null;
  }
}

function isRunning(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const began = beginningOf(holder.pid);
  return began === null || holder.began === null || began === holder.began;
}

/** Process numbers come again, above all in containers; the time of birth does not. */
function beginningOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The 22nd field, counted behind the name, which may itself hold spaces and brackets.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    try {
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    } catch {
      return null;
    }
  }
}
