import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from './database.ts';
import {
  deliver,
  makeTenant,
  newWriter,
  openCall,
  plan,
  redeem,
  row,
  sessionOf,
  startSession,
  type Tenant,
} from './world.ts';

const nowhere = '00000000-0000-4000-8000-000000000000';
let database: Database;
let tenant: Tenant;
let session: string;

beforeAll(async () => {
  database = await openDatabase();
  tenant = await makeTenant(database, 'northwind');
});
afterAll(() => database.close());
beforeEach(async () => {
  session = await startSession(database, tenant);
});

const rpc = (name: string, args: Record<string, unknown>) =>
  database.rpc(name, args) as Promise<Record<string, unknown>>;
const open = (offer: string, more: Record<string, unknown> = {}) =>
  rpc('open_call', {
    p_session: session,
    p_offer_id: offer,
    p_writer: newWriter(),
    p_reason: 'start',
    p_provider: 'openai',
    ...more,
  });
const lease = (call: string, holder: string, seconds = 30) =>
  rpc('take_lease', { p_call: call, p_holder: holder, p_seconds: seconds });
const save = (call: string, epoch: unknown, state: unknown = {}, phase = 'question') =>
  rpc('save_reducer', { p_call: call, p_epoch: epoch, p_state: state, p_phase: phase });

describe('open_call', () => {
  it('counts calls from one and closes the former one', async () => {
    const first = await open('o1');
    await rpc('call_answered', { p_call: first['call_id'], p_provider_call_id: 'rtc_1' });
    const second = await open('o2');
    expect(first).toMatchObject({ ordinal: 1, former: [] });
    expect(second).toMatchObject({
      ordinal: 2,
      former: [{ call_id: first['call_id'], provider: 'openai', provider_call_id: 'rtc_1' }],
    });
    const [closed] = await database.sql(
      'select close_reason, closed_at is not null as closed from public.session_calls where id = $1',
      first['call_id'],
    );
    expect(closed).toEqual({ close_reason: 'superseded', closed: true });
  });

  it('keeps whether a page of ours made the offer', async () => {
    await open('o1');
    await open('o2', { p_own_page: false });
    expect(await rpc('session_brief', { p_session: session })).toMatchObject({
      calls: [{ own_page: true }, { own_page: false }],
    });
  });

  it('finds the call of the same offer, and what the provider called it', async () => {
    const first = await open('o1');
    await rpc('call_answered', { p_call: first['call_id'], p_provider_call_id: 'rtc_1' });
    expect(await open('o1')).toEqual({
      call_id: first['call_id'],
      ordinal: 1,
      former: [],
      repeated: true,
      provider_call_id: 'rtc_1',
    });
  });

  it('opens one call for one offer that comes many times at once', async () => {
    const results = await Promise.all(Array.from({ length: 6 }, () => open('same')));
    expect(new Set(results.map((result) => result['call_id'])).size).toBe(1);
    expect(results.filter((result) => result['repeated'] === true)).toHaveLength(5);
  });

  it('leaves one call alive of many offers at once', async () => {
    await Promise.all(Array.from({ length: 6 }, (_, index) => open(`o${index}`)));
    const [alive] = await database.sql(
      'select count(*)::int as n, max(ordinal) as last from public.session_calls where session_id = $1 and closed_at is null',
      session,
    );
    expect(alive).toEqual({ n: 1, last: 6 });
  });

  it('refuses unknown and ended sessions, odd values and more than sixty calls', async () => {
    expect(await open('o', { p_session: nowhere })).toEqual({ error: 'not_found' });
    expect(await open('o', { p_reason: 'fun' })).toEqual({ error: 'bad_request' });
    expect(await open('a b')).toEqual({ error: 'bad_request' });
    expect(await open(`${newWriter()}.${'x'.repeat(64)}`)).toMatchObject({ ordinal: 1 });
    await database.sql(
      `insert into public.session_calls (tenant_id, session_id, ordinal, offer_id, reason, provider, closed_at)
       select $1, $2, n + 1, 'x' || n, 'reconnect', 'openai', now() from generate_series(1, 60) n`,
      tenant.id,
      session,
    );
    expect(await open('o')).toEqual({ error: 'session_limit' });
    await rpc('complete_session', {
      p_session: session,
      p_reason: 'staff',
      p_writers: {},
      p_lost: [],
      p_force: true,
    });
    expect(await open('o')).toEqual({ error: 'session_ended' });
  });

  it('refuses long after the deadline', async () => {
    await rpc('call_connected', { p_call: await openCall(database, session) });
    await database.sql(
      `update public.interview_sessions
       set started_at = now() - interval '1 hour', deadline_at = now() - interval '11 minutes' where id = $1`,
      session,
    );
    expect(await open('late')).toEqual({ error: 'session_ended' });
    expect(await rpc('renew_allowed', { p_session: session })).toEqual({ ok: false });
  });
});

describe('the cap of a tenant', () => {
  it('counts the calls of other sessions that may still be open', async () => {
    const small = await makeTenant(database, 'small');
    await database.sql('update public.tenants set max_live_calls = 1 where id = $1', small.id);
    const [first, second] = [
      await startSession(database, small),
      await startSession(database, small),
    ];
    await openCall(database, first);
    expect(await open('o', { p_session: second })).toEqual({ error: 'rate_limited' });
    expect(await open('again', { p_session: first })).toMatchObject({ ordinal: 2 });
    // Nobody closed it, and nobody connected it within its minute either.
    await database.sql(
      `update public.session_calls set opened_at = now() - interval '3 minutes' where session_id = $1`,
      first,
    );
    expect(await open('o', { p_session: second })).toMatchObject({ ordinal: 1 });
  });

  it('holds for offers that come at once', async () => {
    const small = await makeTenant(database, 'small');
    await database.sql('update public.tenants set max_live_calls = 2 where id = $1', small.id);
    const sessions = await Promise.all(
      Array.from({ length: 6 }, () => startSession(database, small)),
    );
    const results = await Promise.all(sessions.map((one) => open('o', { p_session: one })));
    expect(results.filter((result) => result['error'] === 'rate_limited')).toHaveLength(4);
  });
});

describe('the minutes of an invitation', () => {
  const invited = async (minutes: number, uses: number): Promise<string[]> => {
    const { token } = (await database.rpcAs({ user: tenant.recruiter }, 'create_invitation', {
      p_interview: tenant.interview,
      p_max_uses: uses,
      p_max_minutes: minutes,
    })) as { token: string };
    const sessions: string[] = [];
    while (sessions.length < uses) sessions.push(sessionOf(await redeem(database, token)));
    return sessions;
  };
  const lasted = (call: unknown, minutes: number) =>
    database.sql(
      `update public.session_calls set closed_at = now(), opened_at = now() - make_interval(mins => $2) where id = $1`,
      call,
      minutes,
    );
  /** How long a session has once its call is connected, seconds. */
  const connect = async (opened: Record<string, unknown>): Promise<number> => {
    const times = await rpc('call_connected', { p_call: opened['call_id'] });
    const { started_at: started, deadline_at: deadline } = times;
    return Math.round((Date.parse(String(deadline)) - Date.parse(String(started))) / 1000);
  };
  const complete = (one: string) =>
    rpc('complete_session', {
      p_session: one,
      p_reason: 'completed',
      p_writers: {},
      p_lost: [],
      p_force: true,
    });

  it('are shared by its sessions, bring the deadline forward and end with a refusal', async () => {
    const [first = '', second = '', third = ''] = await invited(12, 3);
    const opened = await open('o1', { p_session: first });
    expect(opened).toMatchObject({ ordinal: 1, time_left_s: 720 });
    expect(await connect(opened)).toBe(600);
    await lasted(opened['call_id'], 9);
    await complete(first);

    const next = await open('o1', { p_session: second });
    expect(next['time_left_s']).toBeGreaterThan(175);
    expect(next['time_left_s']).toBeLessThanOrEqual(180);
    const span = await connect(next);
    expect(span).toBeGreaterThan(170);
    expect(span).toBeLessThanOrEqual(180);
    await lasted(next['call_id'], 3);
    await complete(second);
    expect(await open('o1', { p_session: third })).toEqual({ error: 'session_limit' });
  });

  it('are promised once, to whoever asks first, however many begin together', async () => {
    const sessions = await invited(15, 6);
    const results = await Promise.all(sessions.map((one) => open('o1', { p_session: one })));
    const begun = results.filter((result) => result['error'] === undefined);
    expect(results.filter((result) => result['error'] === 'session_limit')).toHaveLength(4);
    const promised = begun.map((result) => Number(result['time_left_s'])).sort((a, b) => b - a);
    expect(promised[0]).toBe(900);
    expect(promised[1]).toBeGreaterThan(290);
    expect(promised[1]).toBeLessThanOrEqual(300);
    // Whoever connects first has what was promised at the offer.
    const spans = await Promise.all(begun.map(connect));
    expect(spans.reduce((sum, one) => sum + one)).toBeLessThanOrEqual(900);
    expect(Math.max(...spans)).toBe(600);
  });

  it('never cut off a session before its own deadline, which its pauses have moved', async () => {
    const [first = '', second = ''] = await invited(10, 2);
    const opened = await open('o1', { p_session: first });
    await connect(opened);
    await lasted(opened['call_id'], 11);
    await database.sql(
      `update public.interview_sessions set deadline_at = now() + interval '4 minutes' where id = $1`,
      first,
    );
    expect(await open('o2', { p_session: first })).toMatchObject({ ordinal: 2 });
    expect(await open('o1', { p_session: second })).toEqual({ error: 'session_limit' });
  });

  it('are a whole number of at least one', async () => {
    const made = await database.rpcAs({ user: tenant.recruiter }, 'create_invitation', {
      p_interview: tenant.interview,
      p_max_minutes: 0,
    });
    expect(made).toEqual({ error: 'bad_request', field: 'max_minutes' });
  });

  it('are not counted where nobody set a limit', async () => {
    expect(await open('o')).toMatchObject({ time_left_s: null });
  });
});

describe('session_glance', () => {
  it('tells how the session stands, and no more', async () => {
    const glance = () => rpc('session_glance', { p_session: session });
    const call = await openCall(database, session);
    expect(await glance()).toEqual({
      session: { id: session, status: 'created', phase: 'opening', end_reason: null },
      writers: {},
      connected: false,
    });
    await rpc('call_connected', { p_call: call });
    expect(await glance()).toMatchObject({ session: { status: 'active' }, connected: true });
    await rpc('close_call', { p_call: call, p_reason: 'hangup' });
    expect(await glance()).toMatchObject({ connected: false });
    expect(await rpc('session_glance', { p_session: nowhere })).toBeNull();
  });
});

describe('call_connected', () => {
  it('starts the clock once', async () => {
    const call = await openCall(database, session);
    const first = await rpc('call_connected', { p_call: call });
    const span = Date.parse(String(first['deadline_at'])) - Date.parse(String(first['started_at']));
    expect(span).toBe(600_000);
    expect(first['started_at']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const second = await rpc('call_connected', { p_call: await openCall(database, session) });
    expect(second).toEqual(first);
  });

  it('does not know foreign calls', async () => {
    for (const name of ['call_connected', 'close_call', 'call_answered']) {
      const more = { close_call: { p_reason: 'x' }, call_answered: { p_provider_call_id: 'x' } }[
        name
      ];
      expect(await rpc(name, { p_call: nowhere, ...more })).toEqual({ error: 'call_not_found' });
    }
  });
});

it('close_call keeps the first reason', async () => {
  const call = await openCall(database, session);
  for (const reason of ['hangup', 'again']) {
    expect(await rpc('close_call', { p_call: call, p_reason: reason })).toEqual({ ok: true });
  }
  const [closed] = await database.sql(
    'select close_reason from public.session_calls where id = $1',
    call,
  );
  expect(closed).toEqual({ close_reason: 'hangup' });
});

describe('leases', () => {
  let call: string;
  beforeEach(async () => {
    call = await openCall(database, session);
  });

  it('are one holder’s at a time, and keep their epoch when renewed', async () => {
    expect(await lease(call, 'a')).toMatchObject({ epoch: 1, placed: [], reducer: null });
    expect(await lease(call, 'a')).toMatchObject({ epoch: 1 });
    expect(await lease(call, 'b')).toEqual({ error: 'taken_over' });
    expect(await rpc('renew_lease', { p_call: call, p_epoch: 1, p_seconds: 10 })).toMatchObject({
      ok: true,
    });
  });

  it('go to the next holder, with a higher epoch, when they ran out or were given up', async () => {
    await lease(call, 'a');
    await database.sql(`update public.call_leases set expires_at = now() where call_id = $1`, call);
    expect(await lease(call, 'b')).toMatchObject({ epoch: 2 });
    expect(await rpc('renew_lease', { p_call: call, p_epoch: 1, p_seconds: 10 })).toMatchObject({
      ok: false,
    });
    await rpc('release_lease', { p_call: call, p_epoch: 1 });
    expect(await lease(call, 'c')).toEqual({ error: 'taken_over' });
    await rpc('release_lease', { p_call: call, p_epoch: 2 });
    // The same holder as well: its writer begins to count anew, so it needs a new name.
    expect(await lease(call, 'b')).toMatchObject({ epoch: 3 });
  });

  it('are won by one of many at once', async () => {
    const results = await Promise.all(
      ['a', 'b', 'c', 'd', 'e'].map((holder) => lease(call, holder)),
    );
    expect(results.filter((result) => 'epoch' in result)).toHaveLength(1);
  });

  it('tell what the server placed, in its latest revision', async () => {
    const server = `s_${call}_1`;
    await deliver(database, session, server, [
      row(server, 1, call, 'b', { position: 2048 }),
      row(server, 2, call, 'a', { position: 1024 }),
      row(server, 3, call, 'b', { position: 512, revision: 1 }),
    ]);
    const writer = newWriter();
    await deliver(database, session, writer, [row(writer, 1, call, 'z')]);
    expect(await lease(call, 'a')).toMatchObject({
      epoch: 1,
      placed: [
        { item_id: 'b', entry_id: `${call}.b`, position: 512 },
        { item_id: 'a', entry_id: `${call}.a`, position: 1024 },
      ],
      reducer: null,
    });
  });

  it('fence what is saved', async () => {
    const { epoch } = await lease(call, 'a');
    expect(await save(call, epoch, { n: 1 })).toEqual({ ok: true });
    await database.sql(`update public.call_leases set expires_at = now() where call_id = $1`, call);
    await lease(call, 'b');
    expect(await save(call, epoch, { n: 2 })).toEqual({ ok: false });
    expect(await rpc('session_brief', { p_session: session })).toMatchObject({
      session: { reducer: { n: 1 }, phase: 'question' },
    });
  });

  it('fence a call that a later one replaced', async () => {
    const { epoch } = await lease(call, 'a');
    const next = await openCall(database, session);
    expect(await save(call, epoch)).toEqual({ ok: false });
    expect(await save(next, (await lease(next, 'a'))['epoch'], { n: 3 })).toEqual({ ok: true });
  });
});

describe('session_brief', () => {
  it('is all that a proxy needs', async () => {
    const call = await openCall(database, session, 'o1');
    const writer = newWriter();
    await deliver(database, session, writer, [row(writer, 1, call, 'a')]);
    expect(await rpc('session_brief', { p_session: session })).toMatchObject({
      session: {
        id: session,
        tenant_id: tenant.id,
        status: 'created',
        phase: 'opening',
        reducer: null,
      },
      tenant: { name: 'northwind', tamper: 'enforce' },
      interview: { id: tenant.interview, plan, duration_s: 600 },
      calls: [{ id: call, ordinal: 1, offer_id: 'o1', provider: 'openai', closed_at: null }],
      writers: { [writer]: 1 },
      transcript: [{ entry_id: `${call}.a`, call_ordinal: 1, source: 'browser' }],
    });
    expect(await rpc('writer_marks', { p_session: session })).toEqual({ [writer]: 1 });
    expect(await rpc('session_brief', { p_session: nowhere })).toBeNull();
  });
});

describe('allow_unsupervised', () => {
  const allow = (call: unknown) => rpc('allow_unsupervised', { p_call: call });
  const marks = () =>
    database.sql(
      'select kind, call_id from public.integrity_events where session_id = $1',
      session,
    );

  it('refuses a call whose tenant wants a supervisor, and one that does not exist', async () => {
    const call = await openCall(database, session);
    expect(await allow(call)).toEqual({ error: 'supervision_unavailable' });
    expect(await allow(nowhere)).toEqual({ error: 'call_not_found' });
    expect(await marks()).toEqual([]);
  });

  it('marks the call once, where the tenant takes it', async () => {
    const call = await openCall(database, session);
    const set = (allowed: boolean) =>
      database.sql(
        'update public.tenants set allow_unsupervised = $2 where id = $1',
        tenant.id,
        allowed,
      );
    await set(true);
    expect(await allow(call)).toEqual({ ok: true });
    expect(await allow(call)).toEqual({ ok: true });
    await set(false);
    expect(await marks()).toEqual([{ kind: 'unsupervised', call_id: call }]);
  });

  it('is for the service alone', async () => {
    await expect(
      database.rpcAs('anon', 'allow_unsupervised', { p_call: nowhere }),
    ).rejects.toMatchObject({ code: '42501' });
  });
});

describe('record_event', () => {
  it('takes what belongs to the session only', async () => {
    const event = {
      p_session: session,
      p_call: null,
      p_kind: 'session_tampered',
      p_detail: { a: 1 },
    };
    expect(await rpc('record_event', event)).toEqual({ ok: true });
    expect(await rpc('record_event', { ...event, p_kind: 'No Kind' })).toEqual({
      error: 'bad_request',
    });
    const foreign = await openCall(database, await startSession(database, tenant));
    expect(await rpc('record_event', { ...event, p_call: foreign })).toEqual({
      error: 'not_found',
    });
  });
});
