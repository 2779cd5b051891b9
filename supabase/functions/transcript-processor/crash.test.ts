import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase, type Database } from '../../tests/database.ts';
import { post, settings } from '../../tests/functions.ts';
import {
  deliver,
  makeTenant,
  newWriter,
  openCall,
  row,
  startSession,
  type Tenant,
} from '../../tests/world.ts';
import type { Rpc } from '../_shared/database.ts';
import { processorHandler } from './handler.ts';

let database: Database;
let tenant: Tenant;
beforeAll(async () => {
  database = await openDatabase();
  tenant = await makeTenant(database, 'northwind');
}, 60_000);
afterAll(() => database.close());

const handler = (rpc: Rpc) =>
  processorHandler({ ...settings, rpc, now: Date.now, log: () => undefined });
const tick = (rpc: Rpc) =>
  handler(rpc)(post({ action: 'tick' }, { apikey: settings.secretKeys[0] ?? '' }));

/** Every call that a tick with one job makes, in order. */
const calls = [
  'expire_sessions',
  // One for each lane.
  'claim_jobs',
  'claim_jobs',
  'report_source',
  'store_report',
  'finish_job',
  'claim_jobs',
  'jobs_remaining',
  'jobs_dead',
];

/** A tick that dies at its n-th call, before or after the database has done it: nothing of it ever goes on. */
async function dieAt(n: number, when: 'before' | 'after'): Promise<void> {
  await new Promise<void>((died) => {
    let made = 0;
    void tick(async (name, args) => {
      made += 1;
      if (made === n && when === 'after') await database.rpc(name, args);
      if (made < n) return database.rpc(name, args);
      died();
      return new Promise(() => undefined);
    });
  });
}

async function endedSession(): Promise<string> {
  const session = await startSession(database, tenant);
  const call = await openCall(database, session);
  await database.rpc('call_connected', { p_call: call });
  const writer = newWriter();
  await deliver(database, session, writer, [row(writer, 1, call, 'a')]);
  const all = { p_reason: 'completed', p_writers: {}, p_lost: [], p_force: true };
  await database.rpc('complete_session', { p_session: session, ...all });
  return session;
}

it('a tick makes the calls between which it is killed below', async () => {
  await endedSession();
  const made: string[] = [];
  await tick((name, args) => {
    made.push(name);
    return database.rpc(name, args);
  });
  expect(made).toEqual(calls);
});

it.each(
  calls.flatMap((name, index) => [
    [index + 1, name, 'before'] as const,
    [index + 1, name, 'after'] as const,
  ]),
)(
  'killed at call %i (%s), %s it was done, a tick loses no job and makes no report twice',
  async (n, _, when) => {
    const session = await endedSession();
    await dieAt(n, when);
    // Once the dead one's lock has run out.
    await database.sql(
      'update public.jobs set locked_until = now() where locked_until is not null',
    );
    await tick(database.rpc);
    const versions = await database.sql(
      'select revision from public.interview_report_versions where session_id = $1',
      session,
    );
    expect(versions).toEqual([{ revision: 1 }]);
    const [job] = await database.sql(
      'select done = wanted as done, locked_until from public.jobs where session_id = $1',
      session,
    );
    expect(job).toEqual({ done: true, locked_until: null });
  },
);

it('a run that was taken for dead and comes back changes nothing any more', async () => {
  const session = await endedSession();
  let wake: () => void = () => undefined;
  const asleep = new Promise<void>((resolve) => (wake = resolve));
  let slept: () => void = () => undefined;
  const sleeping = new Promise<void>((resolve) => (slept = resolve));
  const late = tick(async (name, args) => {
    if (name === 'store_report') {
      slept();
      await asleep;
    }
    return database.rpc(name, args);
  });
  await sleeping;
  const [call] = await database.sql(
    'select id from public.session_calls where session_id = $1',
    session,
  );
  const writer = newWriter();
  await deliver(database, session, writer, [row(writer, 1, String(call?.['id']), 'b')]);
  await database.sql(
    'update public.jobs set locked_until = now(), run_at = now() where session_id = $1',
    session,
  );
  await tick(database.rpc);
  wake();
  expect(await (await late).json()).toMatchObject({ processed: 0, failed: 1 });
  const [report] = await database.sql(
    `select revision, report -> 'counts' -> 'utterances' as lines from public.interview_reports where session_id = $1`,
    session,
  );
  expect(report).toEqual({ revision: 1, lines: 2 });
});
