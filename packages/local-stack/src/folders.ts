import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root, without a slash at its end. */
export const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[\\/]$/, '');

/** Deno's compiled code: kept across `--reset`, shared by every stack of this checkout. */
export const denoCache = join(root, 'node_modules', '.cache', 'interview-deno');

/** Where one stack keeps its things. */
export interface Folders {
  /** The folder itself, by default `.local` in the repository. */
  home: string;
  /** Postgres' files. */
  database: string;
  /** Output of the child processes. */
  logs: string;
  /** Keys made for this stack. */
  keys: string;
  /** What Auth would have sent by e-mail. */
  mailbox: string;
  /** Says which process runs here. */
  lock: string;
  /** Addresses and keys of the running stack, for people and tests. */
  stackFile: string;
}

/** Names everything below `home`. */
export function foldersOf(home: string): Folders {
  return {
    home,
    database: join(home, 'database'),
    logs: join(home, 'logs'),
    keys: join(home, 'keys.json'),
    mailbox: join(home, 'mailbox.jsonl'),
    lock: join(home, 'lock.json'),
    stackFile: join(home, 'stack.json'),
  };
}
