import { afterAll, beforeAll, expect, it } from 'vitest';
import { processorHandler } from '../functions/transcript-processor/handler.ts';
import { openDatabase, type Database } from './database.ts';
import { post, settings } from './functions.ts';
import { makeTenant, makeUser, openCall, startSession, type Tenant } from './world.ts';

let database: Database;
let tenant: Tenant;
let session: string;
beforeAll(async () => {
  database = await openDatabase();
  tenant = await makeTenant(database, 'northwind');
  session = await startSession(database, tenant);
  await database.rpc('call_connected', { p_call: await openCall(database, session) });
  const over = { p_reason: 'completed', p_writers: {}, p_lost: [], p_force: true };
  await database.rpc('complete_session', { p_session: session, ...over });
});
afterAll(() => database.close());

let broken = true;
const tick = async () =>
  (await (
    await processorHandler({
      ...settings,
      rpc: (name, args) =>
        broken && name === 'report_source'
          ? Promise.resolve({ odd: true })
          : database.rpc(name, args),
      now: Date.now,
      log: () => undefined,
    })(post({ action: 'tick' }, { apikey: settings.secretKeys[0] ?? '' }))
  ).json()) as Record<string, unknown>;
const dead = (user: string) =>
  database.rpcAs({ user }, 'dead_jobs', { p_tenant: tenant.id }) as Promise<
    Record<string, unknown>[]
  >;

it('a job that fails ten times in a row is shown to owners, and done when they try it again', async () => {
  for (let n = 0; n < 9; n += 1) {
    expect(await tick()).toMatchObject({ failed: 1, dead: 0 });
    await database.sql('update public.jobs set run_at = now()');
  }
  expect(await dead(tenant.owner)).toEqual([]);
  expect(await tick()).toMatchObject({ failed: 1, remaining: 0, dead: 1 });
  expect(await tick()).toEqual({ processed: 0, failed: 0, remaining: 0, dead: 1 });
  const [job, ...others] = await dead(tenant.owner);
  expect(others).toEqual([]);
  expect(job).toMatchObject({
    kind: 'process_transcript',
    session_id: session,
    failures: 10,
    error: expect.any(String) as unknown,
  });
  const again = { p_job: job?.['job_id'] };
  const stranger = await makeTenant(database, 'contoso');
  for (const user of [
    tenant.recruiter,
    tenant.reviewer,
    stranger.owner,
    await makeUser(database),
  ]) {
    expect(await dead(user)).toEqual({ error: 'forbidden' });
    expect(await database.rpcAs({ user }, 'retry_job', again)).toEqual({ error: 'forbidden' });
  }
  broken = false;
  expect(await tick()).toMatchObject({ processed: 0, dead: 1 });
  expect(await database.rpcAs({ user: tenant.owner }, 'retry_job', again)).toEqual({ ok: true });
  expect(await tick()).toEqual({ processed: 1, failed: 0, remaining: 0, dead: 0 });
  expect(await dead(tenant.owner)).toEqual([]);
  // What is done is not done again.
  expect(await database.rpcAs({ user: tenant.owner }, 'retry_job', again)).toEqual({ ok: false });
});
