import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from './database.ts';
import { makeTenant, newWriter, startSession, type Tenant } from './world.ts';

let database: Database;
let tenant: Tenant;
let session: string;
let writer: string;
let call: string;

beforeAll(async () => {
  database = await openDatabase();
  tenant = await makeTenant(database, 'northwind');
});
afterAll(() => database.close());
beforeEach(async () => {
  session = await startSession(database, tenant);
  writer = newWriter();
  call = await open('first', writer);
});

const rpc = (name: string, args: Record<string, unknown>) =>
  database.rpc(name, args) as Promise<Record<string, unknown>>;
const open = async (offer: string, by: string) => {
  const opened = await rpc('open_call', {
    p_session: session,
    p_offer_id: offer,
    p_writer: by,
    p_reason: 'start',
    p_provider: 'openai',
  });
  return String(opened['call_id']);
};
const lease = (holder: string, force?: boolean) =>
  rpc('take_lease', { p_call: call, p_holder: holder, p_seconds: 10, p_force: force });
const renew = (epoch: number) =>
  rpc('renew_lease', { p_call: call, p_epoch: epoch, p_seconds: 10 });
const save = (epoch: number, state: object = {}) =>
  rpc('save_reducer', { p_call: call, p_epoch: epoch, p_state: state, p_phase: 'question' });
const close = (reason: string, epoch?: number) =>
  rpc('close_call', { p_call: call, p_reason: reason, p_epoch: epoch });

describe('a lease that is taken from a holder that lives', () => {
  it('has a higher epoch, and tells what the former one saved last', async () => {
    const { secret } = await lease('a');
    expect(secret).toMatch(/^[0-9a-f-]{36}$/);
    await save(1, { n: 1 });
    expect(await lease('b')).toEqual({ error: 'taken_over' });
    expect(await lease('b', true)).toEqual({ epoch: 2, secret, placed: [], reducer: { n: 1 } });
    expect(await save(1, { n: 2 })).toEqual({ ok: false });
    const told = { writer_id: writer, closed: false, claimed: false };
    expect(await renew(1)).toEqual({ ok: false, ...told });
    expect(await renew(2)).toEqual({ ok: true, ...told });
  });

  it('leaves the former one no right to end the call', async () => {
    await lease('a');
    await lease('b', true);
    expect(await close('absent', 1)).toEqual({ ok: false });
    expect(await renew(2)).toMatchObject({ ok: true });
    expect(await close('hangup', 2)).toEqual({ ok: true });
    expect(await close('absent', 1)).toEqual({ ok: true });
    expect(await rpc('session_brief', { p_session: session })).toMatchObject({
      calls: [{ id: call, closed_at: expect.any(String) as unknown }],
    });
  });

  it('is told where a call stands', async () => {
    const stands = async () => {
      const { calls } = await rpc('session_brief', { p_session: session });
      return (calls as Record<string, unknown>[])[0];
    };
    const known = { id: call, writer_id: writer, own_page: true };
    expect(await stands()).toMatchObject({ ...known, holder: null, epoch: null });
    await lease('a');
    expect(await stands()).toMatchObject({ ...known, holder: 'a', epoch: 1 });
    await lease('b', true);
    expect(await stands()).toMatchObject({ ...known, holder: 'b', epoch: 2 });
    await rpc('release_lease', { p_call: call, p_epoch: 2 });
    expect(await stands()).toMatchObject({ ...known, holder: null, epoch: 2 });
  });
});

describe('a call that a newer one replaced', () => {
  it('is not renewed, and tells whose the newer one is', async () => {
    await lease('a');
    const other = newWriter();
    await open('second', other);
    const told = { writer_id: other, closed: true, claimed: false };
    expect(await renew(1)).toEqual({ ok: false, ...told });
    expect(await lease('b', true)).toEqual({ error: 'call_not_found' });
  });

  it('takes no answer, so that whoever brings it hangs it up', async () => {
    const answered = () => rpc('call_answered', { p_call: call, p_provider_call_id: 'rtc_1' });
    expect(await answered()).toEqual({ ok: true, writer_id: writer });
    const other = newWriter();
    await open('second', other);
    expect(await answered()).toEqual({ ok: false, writer_id: other });
  });
});

describe('calls that nobody supervises', () => {
  const claim = (holder: string, more: Record<string, unknown>) =>
    rpc('claim_calls', { p_holder: holder, p_seconds: 10, ...more }) as unknown as Promise<
      string[]
    >;
  const claimed = async (holder: string, more: Record<string, unknown> = {}) =>
    (await claim(holder, more)).includes(session);
  const lapse = () =>
    database.sql('update public.call_leases set expires_at = now() where call_id = $1', call);
  const connectedAgo = (span: string) =>
    database.sql(
      'update public.session_calls set connected_at = now() - $2::interval where id = $1',
      call,
      span,
    );
  beforeEach(async () => {
    await rpc('call_answered', { p_call: call, p_provider_call_id: 'rtc_1' });
    await rpc('call_connected', { p_call: call });
    await lease('a');
  });

  it('are claimed once, with a higher epoch', async () => {
    expect(await claimed('b')).toBe(false);
    await lapse();
    const both = await Promise.all(['b', 'c'].map((holder) => claimed(holder)));
    expect(both.filter(Boolean)).toHaveLength(1);
    expect(await lease(both[0] ? 'b' : 'c')).toMatchObject({ epoch: 2 });
  });

  it('are left to the page for three seconds where their supervisor let go', async () => {
    await rpc('release_lease', { p_call: call, p_epoch: 1 });
    expect(await claimed('b')).toBe(false);
    await database.sql(
      `update public.call_leases set released_at = now() - interval '4 seconds' where call_id = $1`,
      call,
    );
    expect(await claimed('b')).toBe(true);
  });

  it('are left to the machine of their session, which takes no other', async () => {
    await lapse();
    expect(await claimed('b', { p_session: tenant.id })).toBe(false);
    expect(await claimed('b', { p_session: session })).toBe(true);
  });

  it('are left to whoever looks after them, whatever became of the lease', async () => {
    await lapse();
    expect(await claimed('a', { p_held: [call] })).toBe(false);
    expect(await renew(1)).toMatchObject({ ok: true });
    await lapse();
    expect(await claimed('a')).toBe(true);
  });

  it('are known as claimed to the former supervisor, until a page brings them along', async () => {
    await lapse();
    await claimed('b');
    expect(await renew(1)).toMatchObject({ ok: false, closed: false, claimed: true });
    expect(await renew(2)).toMatchObject({ ok: true, claimed: false });
    await lease('c', true);
    expect(await renew(2)).toMatchObject({ ok: false, claimed: false });
  });

  it('and never had a supervisor are claimed when theirs had time enough', async () => {
    await database.sql('delete from public.call_leases where call_id = $1', call);
    expect(await claimed('b')).toBe(false);
    await connectedAgo('31 seconds');
    expect(await claimed('b')).toBe(true);
    expect(await lease('b')).toMatchObject({ epoch: 1 });
  });

  it('and may have none are claimed when they outlive their time', async () => {
    await database.sql('delete from public.call_leases where call_id = $1', call);
    await database.sql('update public.tenants set allow_unsupervised = true');
    await rpc('allow_unsupervised', { p_call: call });
    await connectedAgo('10 minutes');
    expect(await claimed('b')).toBe(false);
    await database.sql(
      `update public.interview_sessions set started_at = now() - interval '2 hours', deadline_at = now() - interval '61 seconds' where id = $1`,
      session,
    );
    expect(await claimed('b')).toBe(true);
  });

  it('are left alone once they are closed', async () => {
    await lapse();
    await close('hangup');
    expect(await claimed('b')).toBe(false);
  });
});

describe('a call that is to be hung up', () => {
  const claim = (more: Record<string, unknown> = {}) =>
    rpc('claim_hangups', { p_session: session, ...more }) as unknown as Promise<object[]>;
  const owed = [{ call_id: '', provider: 'openai', provider_call_id: 'rtc_1' }];
  const ago = (column: string, span: string) =>
    database.sql(
      `update public.session_calls set ${column} = now() - $2::interval where id = $1`,
      call,
      span,
    );
  const leaseAgo = (span: string) =>
    database.sql(
      'update public.call_leases set expires_at = now() - $2::interval where call_id = $1',
      call,
      span,
    );
  const ending = (span: string) =>
    database.sql(
      `update public.interview_sessions set status = 'ending', end_reason = 'candidate_ended',
       ending_at = now() - $2::interval where id = $1`,
      session,
      span,
    );
  const reason = async () =>
    (await database.sql('select close_reason from public.session_calls where id = $1', call))[0]?.[
      'close_reason'
    ];
  beforeEach(async () => {
    await rpc('call_answered', { p_call: call, p_provider_call_id: 'rtc_1' });
    owed[0] = { call_id: call, provider: 'openai', provider_call_id: 'rtc_1' };
  });

  it('was closed half a minute ago by who could have done it; one asker has it, until it is done', async () => {
    await close('candidate_ended');
    expect(await claim()).toEqual([]);
    await ago('closed_at', '31 seconds');
    expect(await claim({ p_session: tenant.id })).toEqual([]);
    const both = await Promise.all([claim(), claim()]);
    expect(both.toSorted((a, b) => b.length - a.length)).toEqual([owed, []]);
    await ago('hangup_claimed_at', '61 seconds');
    expect(await claim()).toEqual(owed);
    await ago('hangup_claimed_at', '61 seconds');
    expect(await rpc('call_hung_up', { p_call: call })).toEqual({ ok: true });
    expect(await rpc('call_hung_up', { p_call: call })).toEqual({ ok: false });
    expect(await claim()).toEqual([]);
  });

  it('was answered less than an hour ago: a provider ends it by itself', async () => {
    await close('candidate_ended');
    await ago('closed_at', '31 seconds');
    await ago('answered_at', '61 minutes');
    expect(await claim()).toEqual([]);
  });

  it('was answered only when a newer one had taken its place', async () => {
    const late = await open('late', writer);
    await open('newer', writer);
    await database.sql('update public.session_calls set hung_up_at = now() where id = $1', call);
    call = late;
    await ago('closed_at', '31 seconds');
    expect(await claim()).toEqual([]);
    const answered = await rpc('call_answered', { p_call: late, p_provider_call_id: 'rtc_2' });
    expect(answered).toMatchObject({ ok: false });
    expect(await claim()).toEqual([
      { call_id: late, provider: 'openai', provider_call_id: 'rtc_2' },
    ]);
  });

  it('and has no name there, since its process died before the answer, is only closed', async () => {
    call = await open('second', writer);
    await database.sql('update public.session_calls set hung_up_at = now() where id <> $1', call);
    await ago('opened_at', '121 seconds');
    expect(await claim()).toEqual([]);
    expect(await reason()).toBe('never_connected');
  });

  it('never connected in two minutes, and has no supervisor', async () => {
    await ago('opened_at', '119 seconds');
    expect(await claim()).toEqual([]);
    await ago('opened_at', '121 seconds');
    await lease('a');
    expect(await claim()).toEqual([]);
    await leaseAgo('1 second');
    expect(await claim({ p_held: [call] })).toEqual([]);
    expect(await claim()).toEqual(owed);
    expect(await reason()).toBe('never_connected');
  });

  it('belongs to a session that is ending, and its supervisor has been gone for half a minute', async () => {
    await rpc('call_connected', { p_call: call });
    await lease('a');
    await ending('2 minutes');
    expect(await claim()).toEqual([]);
    await leaseAgo('29 seconds');
    expect(await claim()).toEqual([]);
    await leaseAgo('31 seconds');
    expect(await claim()).toEqual(owed);
    expect(await reason()).toBe('session_ended');
  });

  it('belongs to a session that is ending, and nobody supervised it', async () => {
    await rpc('call_connected', { p_call: call });
    await ending('59 seconds');
    expect(await claim()).toEqual([]);
    await ending('61 seconds');
    expect(await claim()).toEqual(owed);
  });

  it('is of a session that a tick completed', async () => {
    await rpc('call_connected', { p_call: call });
    await ending('61 seconds');
    await rpc('expire_sessions', {});
    await ago('closed_at', '31 seconds');
    expect(await claim()).toEqual(owed);
  });

  it('could be taken up for five minutes, and was not', async () => {
    await rpc('call_connected', { p_call: call });
    await lease('a');
    await leaseAgo('299 seconds');
    expect(await claim()).toEqual([]);
    await leaseAgo('301 seconds');
    expect(await claim()).toEqual(owed);
    expect(await reason()).toBe('forsaken');
    expect(await rpc('session_brief', { p_session: session })).toMatchObject({
      session: { status: 'active' },
    });
  });

  it('may have no supervisor, and outlived its time by six minutes', async () => {
    await database.sql('update public.tenants set allow_unsupervised = true');
    await rpc('allow_unsupervised', { p_call: call });
    await rpc('call_connected', { p_call: call });
    await ago('connected_at', '59 minutes');
    const overdue = (span: string) =>
      database.sql(
        `update public.interview_sessions set started_at = now() - interval '2 hours',
         deadline_at = now() - $2::interval where id = $1`,
        session,
        span,
      );
    await overdue('359 seconds');
    expect(await claim()).toEqual([]);
    await overdue('361 seconds');
    expect(await claim()).toEqual(owed);
  });
});

describe('a command', () => {
  const send = async (message: unknown = { type: 'pause' }) =>
    (await rpc('send_command', { p_session: session, p_message: message }))['id'];
  const take = (holder: string) => rpc('take_commands', { p_holder: holder });
  const reply = (id: unknown, last = false) => rpc('command_reply', { p_id: id, p_last: last });

  it('reaches whoever supervises the call, once, and its answer comes back once', async () => {
    await lease('a');
    const id = await send();
    expect(await take('b')).toEqual([]);
    expect(await reply(id)).toEqual({ reply: null });
    expect(await take('a')).toEqual([{ id, session_id: session, message: { type: 'pause' } }]);
    expect(await take('a')).toEqual([]);
    await rpc('answer_command', { p_id: id, p_reply: { type: 'ok' } });
    expect(await reply(id)).toEqual({ reply: { type: 'ok' } });
    expect(await database.sql('select 1 from public.call_commands where id = $1', id)).toEqual([]);
  });

  it('that its page repeats is the same one, and gets the same answer', async () => {
    await lease('a');
    const message = { type: 'text', text: 'My words.' };
    const keyed = async (key: string, of = session) =>
      (await rpc('send_command', { p_session: of, p_message: message, p_key: key }))['id'];
    const id = await keyed('page.m1');
    expect(await keyed('page.m1')).toBe(id);
    expect(await keyed('page.m2')).not.toBe(id);
    expect(await take('a')).toMatchObject([{ id }, {}]);
    expect(await keyed('page.m1')).toBe(id);
    expect(await take('a')).toEqual([]);
    await rpc('answer_command', { p_id: id, p_reply: { type: 'ok' } });
    expect(await reply(id)).toEqual({ reply: { type: 'ok' } });
    // Also once nobody supervises the call any more.
    await close('hangup');
    expect(await keyed('page.m1')).toBe(id);
    expect(await reply(id, true)).toEqual({ reply: { type: 'ok' } });
    expect(
      await database.sql('select message from public.call_commands where id = $1', id),
    ).toEqual([{ message: {} }]);
  });

  it('that nobody took goes to whoever has the call when it is repeated', async () => {
    await lease('a');
    const keyed = () =>
      rpc('send_command', { p_session: session, p_message: { type: 'pause' }, p_key: 'k' });
    const { id } = await keyed();
    await database.sql(
      `update public.call_commands set sent_at = now() - interval '11 seconds' where id = $1`,
      id,
    );
    call = await open('second', writer);
    await lease('b');
    expect(await keyed()).toEqual({ id });
    expect(await take('b')).toMatchObject([{ id }]);
  });

  it('that only shows presence leaves nothing behind', async () => {
    await lease('a');
    const id = await send({ type: 'ping', id: 'present' });
    await take('a');
    await rpc('answer_command', { p_id: id, p_reply: { message: { type: 'pong' } } });
    expect(await database.sql('select 1 from public.call_commands where id = $1', id)).toEqual([]);
  });

  it('goes to the holder of the moment in which it is taken, in the order of sending', async () => {
    await lease('a');
    const ids = [await send({ n: 1 }), await send({ n: 2 })];
    await lease('b', true);
    expect(await take('a')).toEqual([]);
    expect(await take('b')).toMatchObject([{ id: ids[0] }, { id: ids[1] }]);
  });

  it('is not sent where nobody supervises, nor where it is too large', async () => {
    expect(await send()).toBeNull();
    await lease('a');
    const huge = { p_session: session, p_message: { note: 'x'.repeat(140_000) } };
    expect(await rpc('send_command', huge)).toEqual({ error: 'bad_request' });
  });

  it('that nobody took can be withdrawn, is too late after ten seconds, and is gone after a minute', async () => {
    await lease('a');
    const withdrawn = await send();
    expect(await reply(withdrawn, true)).toEqual({ reply: null, withdrawn: true });
    expect(await take('a')).toEqual([]);
    const late = await send();
    const age = (span: string) =>
      database.sql(
        'update public.call_commands set sent_at = now() - $2::interval where id = $1',
        late,
        span,
      );
    await age('11 seconds');
    expect(await take('a')).toEqual([]);
    const there = () => database.sql('select 1 from public.call_commands where id = $1', late);
    await age('61 seconds');
    expect(await there()).toHaveLength(1);
    await rpc('expire_sessions', {});
    expect(await there()).toEqual([]);
  });
});

it('what the clock has stood is kept with the session, within its bounds', async () => {
  await lease('a');
  const stood = async () =>
    (
      await database.sql(
        'select paused_ms, trouble_ms from public.interview_sessions where id = $1',
        session,
      )
    )[0];
  await save(1, { paused_ms: 61_000, troubled_ms: 5_000.5 });
  expect(await stood()).toEqual({ paused_ms: 61_000, trouble_ms: 5_001 });
  await save(1, { paused_ms: 1e12, troubled_ms: 'nonsense' });
  expect(await stood()).toEqual({ paused_ms: 600_000, trouble_ms: 0 });
});
