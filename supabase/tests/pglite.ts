import { createHash, randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PGlite, type Transaction } from '@electric-sql/pglite';
import type { Connection, Engine } from './database.ts';

const cache = fileURLToPath(new URL('../../node_modules/.cache/interview-sql/', import.meta.url));

/**
 * Postgres 17 in this process and in memory, with `statements` applied. It has one connection, so transactions wait for
 * each other. Making a cluster takes seconds, so the finished one is kept for the next test file.
 */
export async function openPglite(statements: readonly string[]): Promise<Engine> {
  const digest = createHash('sha256').update(statements.join('\n')).digest('hex').slice(0, 16);
  const kept = `${cache}${digest}.tar`;
  const pglite = existsSync(kept)
    ? await PGlite.create({ loadDataDir: new Blob([readFileSync(kept)]) })
    : await makeCluster(statements, kept);
  return {
    name: 'pglite',
    ...connectionOf(pglite),
    transaction: (work) => pglite.transaction((transaction) => work(connectionOf(transaction))),
    close: () => pglite.close(),
  };
}

async function makeCluster(statements: readonly string[], kept: string): Promise<PGlite> {
  const pglite = await PGlite.create('memory://');
  for (const statement of statements) await pglite.exec(statement);
  const dump = await pglite.dumpDataDir('none');
  mkdirSync(cache, { recursive: true });
  // Renamed into place, since other test files may look for it at this very moment.
  const draft = `${kept}.${randomUUID()}`;
  writeFileSync(draft, new Uint8Array(await dump.arrayBuffer()));
  renameSync(draft, kept);
  forgetOld();
  return pglite;
}

/** Migrations change, and each state of them is 40 MB. */
function forgetOld(): void {
  const dayAgo = Date.now() - 24 * 3_600_000;
  for (const name of readdirSync(cache)) {
    if (statSync(`${cache}${name}`).mtimeMs < dayAgo) rmSync(`${cache}${name}`);
  }
}

function connectionOf(pglite: PGlite | Transaction): Connection {
  return {
    query: async (statement, values) =>
      (await pglite.query<Record<string, unknown>>(statement, [...values])).rows,
    execute: async (statements) => {
      await pglite.exec(statements);
    },
  };
}
