import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from './database.ts';
import { makeTenant, openCall, startSession, type Tenant } from './world.ts';

let database: Database;
let tenant: Tenant;
let session: string;
let call: string;

beforeAll(async () => {
  database = await openDatabase();
  tenant = await makeTenant(database, 'northwind');
});
afterAll(() => database.close());
beforeEach(async () => {
  session = await startSession(database, tenant);
  call = await openCall(database, session);
  await rpc('take_lease', { p_call: call, p_holder: 'proxy', p_seconds: 30 });
});

const rpc = (name: string, args: Record<string, unknown>) =>
  database.rpc(name, args) as Promise<Record<string, unknown>>;
const save = (deadline?: number | null, epoch = 1) =>
  rpc('save_reducer', {
    p_call: call,
    p_epoch: epoch,
    p_state: {},
    p_phase: 'question',
    p_deadline: typeof deadline === 'number' ? new Date(deadline).toISOString() : deadline,
  });
const deadlineAt = async () => {
  const brief = (await rpc('session_brief', { p_session: session })) as {
    session: { deadline_at: string | null };
  };
  return brief.session.deadline_at === null ? null : Date.parse(brief.session.deadline_at);
};
const minutes = (n: number) => n * 60_000;

describe('a deadline that is saved with the interview', () => {
  let planned: number;
  beforeEach(async () => {
    const connected = await rpc('call_connected', { p_call: call });
    planned = Date.parse(String(connected['deadline_at']));
  });

  it('moves the session’s there and back', async () => {
    await save(planned + minutes(10));
    expect(await deadlineAt()).toBe(planned + minutes(10));
    await save(planned + minutes(2));
    expect(await deadlineAt()).toBe(planned + minutes(2));
  });

  it('stays where a save says nothing of it, as those of an older proxy do', async () => {
    await save(planned + minutes(1));
    expect(await save(null)).toEqual({ ok: true });
    expect(await save()).toEqual({ ok: true });
    expect(await deadlineAt()).toBe(planned + minutes(1));
  });

  it('moves by fifteen minutes in all and no further', async () => {
    await save(planned + minutes(300));
    expect(await deadlineAt()).toBe(planned + minutes(15));
  });

  it('is nobody’s to move who does not hold the call', async () => {
    expect(await save(planned + minutes(5), 2)).toEqual({ ok: false });
    expect(await deadlineAt()).toBe(planned);
  });

  it('keeps an interview that waits from being ended, and its token from running out', async () => {
    const age = `update public.interview_sessions set started_at = now() - interval '22 minutes',
      deadline_at = now() - interval '12 minutes' where id = $1`;
    await database.sql(age, session);
    expect(await rpc('renew_allowed', { p_session: session })).toEqual({ ok: false });
    await save(Date.now() - minutes(2));
    expect(await rpc('renew_allowed', { p_session: session })).toEqual({ ok: true });
    await database.rpc('expire_sessions', {});
    expect(await rpc('session_brief', { p_session: session })).toMatchObject({
      session: { status: 'active' },
    });
    expect(await openCall(database, session)).toBeTypeOf('string');
  });
});

it('a session that nobody connected to gets no deadline by a save', async () => {
  expect(await save(Date.now() + minutes(5))).toEqual({ ok: true });
  expect(await deadlineAt()).toBeNull();
});
