import { performance } from 'node:perf_hooks';
import { openDatabase, type Database } from '../tests/database.ts';
import { deliver, makeTenant, newWriter, openCall, row, startSession } from '../tests/world.ts';
import { settleDisk } from './settle-disk.ts';

/**
 * How fast Postgres takes rows, and whether it slows down as its table grows: `npm run bench -w supabase [-- 1000 …]`.
 * One connection is one process of Postgres and so at most one core; the loop on this side is part of the figures.
 */
const sizes = process.argv.slice(2).map(Number);
const targets = sizes.length > 0 ? sizes : [1_000, 10_000, 100_000, 1_000_000];
/** Rows of a batch that a page sends after a reconnect, and batches measured at each size. */
const BATCH = 20;
const BATCHES = 150;

const database = await openDatabase();
try {
  if (database.engine !== 'postgres')
    throw new Error('This measures a real Postgres; install version 15.');
  const tenant = await makeTenant(database, 'bench');
  const session = await startSession(database, tenant);
  const call = await openCall(database, session);
  console.log(
    '     rows  fsync  rows/s  batch of 20: p50 / p95 / p99 ms   one row: p50 / p95 ms   read p50 ms',
  );
  for (const target of targets) {
    await grow(database, target);
    for (const fsync of [false, true]) {
      await settleDisk(database, fsync);
      const batches = await measure(database, session, call, BATCH);
      const single = await measure(database, session, call, 1);
      const reads = await timed(30, () =>
        database.rpc('report_source', { p_session: filled(target) }),
      );
      const rate = (1000 * BATCH * batches.length) / batches.reduce((sum, ms) => sum + ms, 0);
      console.log(
        [
          String(target).padStart(9),
          fsync ? '   on' : '  off',
          rate.toFixed(0).padStart(7),
          [0.5, 0.95, 0.99]
            .map((share) => at(batches, share))
            .join(' / ')
            .padStart(32),
          [0.5, 0.95]
            .map((share) => at(single, share))
            .join(' / ')
            .padStart(23),
          at(reads, 0.5).padStart(13),
        ].join(' '),
      );
    }
  }
} finally {
  await database.close();
}

/** The n-th session that was filled. */
function filled(n: number): string {
  return `00000000-0000-4000-8000-${String(Math.ceil(n / 400)).padStart(12, '0')}`;
}

/** Fills the table up to `target` rows: sessions of 400 rows each, half from the page and half from the server. */
async function grow({ sql }: Database, target: number): Promise<void> {
  await sql(
    `with numbers as (
       select n, ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid as id
       from generate_series(1, $1::int) n
       where not exists (
         select from public.interview_sessions s
         where s.id = ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid
       )
     ),
     one as (
       select s.tenant_id, s.interview_id, s.candidate_id, s.locale
       from public.interview_sessions s order by created_at limit 1
     ),
     sessions as (
       insert into public.interview_sessions (id, tenant_id, interview_id, candidate_id, locale)
       select id, tenant_id, interview_id, candidate_id, locale from numbers, one returning id, tenant_id
     ),
     calls as (
       insert into public.session_calls (id, tenant_id, session_id, ordinal, offer_id, reason, provider)
       select id, tenant_id, id, 1, 'o', 'start', 'bench' from sessions returning id
     ),
     writers as (
       insert into public.transcript_writers (session_id, writer_id, source, last_sequence)
       select id, w.writer, w.source, 200 from sessions, lateral (
         values ('b_' || replace(id::text, '-', ''), 'browser'), ('s_' || id || '_1', 'server')
       ) w (writer, source) returning session_id, writer_id, source
     )
     insert into public.transcript_entries (
       tenant_id, session_id, writer_id, sequence, source, entry_id, revision, role, text, status, call_id,
       item_id, position, started_ms, ended_ms, language, body_hash
     )
     select s.tenant_id, s.id, w.writer_id, n, w.source, s.id || '.item_' || n, 0,
       case n % 2 when 0 then 'candidate' else 'interviewer' end, repeat('What I did there was this. ', 6), 'final',
       s.id, 'item_' || n, n * 1024, n * 1000, n * 1000 + 500, 'en', md5(n::text) || md5(s.id::text)
     from sessions s join writers w on w.session_id = s.id, generate_series(1, 200) n`,
    Math.ceil(target / 400),
  );
  await sql('vacuum analyze public.transcript_entries');
}

/** How long each of many batches of `size` rows took, milliseconds; every batch is the next of one of ten writers. */
async function measure(
  database: Database,
  session: string,
  call: string,
  size: number,
): Promise<number[]> {
  const writers = Array.from({ length: 10 }, newWriter);
  const next = new Map(writers.map((writer) => [writer, 1]));
  let turn = 0;
  return timed(BATCHES, async () => {
    const writer = writers[turn++ % writers.length] ?? '';
    const first = next.get(writer) ?? 1;
    next.set(writer, first + size);
    const rows = Array.from({ length: size }, (_, index) =>
      row(writer, first + index, call, `${writer}_${first + index}`, {
        text: 'What I did there was this. '.repeat(6),
      }),
    );
    const reply = await deliver(database, session, writer, rows);
    if (reply['stored'] !== size) throw new Error(`Not stored: ${JSON.stringify(reply)}`);
  });
}

async function timed(times: number, work: () => Promise<unknown>): Promise<number[]> {
  const took: number[] = [];
  for (let n = 0; n < times; n += 1) {
    const began = performance.now();
    await work();
    took.push(performance.now() - began);
  }
  return took.sort((a, b) => a - b);
}

function at(sorted: readonly number[], share: number): string {
  return (sorted[Math.ceil(sorted.length * share) - 1] ?? NaN).toFixed(1);
}
