import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from './database.ts';
import { makeTenant, newWriter, startSession, type Tenant } from './world.ts';

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
const open = async (offer: string, more: Record<string, unknown> = {}) =>
  (
    await rpc('open_call', {
      p_session: session,
      p_offer_id: offer,
      p_writer: newWriter(),
      p_reason: 'start',
      p_provider: 'openai',
      ...more,
    })
  )['call_id'] as string;
const report = (quality: unknown) =>
  rpc('record_quality', { p_session: session, p_quality: quality });
const stored = async () =>
  (await database.sql('select * from public.interview_sessions where id = $1', session))[0] ?? {};
const storedCall = async (id: string) =>
  (await database.sql('select * from public.session_calls where id = $1', id))[0] ?? {};

describe('a session tells of its newest call', () => {
  it('what it is made with, where, and which attempt it is', async () => {
    expect(await stored()).toMatchObject({ connection_state: 'new', attempts: 0, provider: null });
    const made = { p_model: 'gpt-realtime-2.1', p_region: 'mia', p_machine: 'd891234' };
    await open('o1', made);
    const told = { provider: 'openai', model: 'gpt-realtime-2.1', region: 'mia' };
    expect(await stored()).toMatchObject({ ...told, machine_id: 'd891234', attempts: 1 });
    await open('o2', { ...made, p_provider: 'azure', p_region: 'fra' });
    expect(await stored()).toMatchObject({ provider: 'azure', region: 'fra', attempts: 2 });
  });

  it('and how its connection stands', async () => {
    const state = async () => (await stored())['connection_state'];
    const first = await open('o1');
    expect(await state()).toBe('connecting');
    await rpc('call_connected', { p_call: first });
    expect(await state()).toBe('connected');
    await rpc('record_trouble', { p_call: first, p_since_ms: 3000 });
    expect(await state()).toBe('disconnected');
    await rpc('call_connected', { p_call: first });
    expect(await state()).toBe('connected');
    const second = await open('o2');
    expect(await state()).toBe('connecting');
    expect(await storedCall(first)).toMatchObject({ connection_state: 'closed' });
    // What is told late of a former call tells nothing of the session any more.
    const third = await open('o3');
    await rpc('call_connected', { p_call: second });
    expect(await storedCall(second)).toMatchObject({ connection_state: 'closed' });
    expect(await state()).toBe('connecting');
    await rpc('close_call', { p_call: third, p_reason: 'never_connected' });
    expect(await state()).toBe('failed');
    expect((await stored())['connected_at']).toEqual((await storedCall(first))['connected_at']);
  });

  it('is closed when the interview is over', async () => {
    await rpc('call_connected', { p_call: await open('o1') });
    const over = { p_reason: 'completed', p_writers: {}, p_lost: [], p_force: true };
    await rpc('complete_session', { p_session: session, ...over });
    expect(await stored()).toMatchObject({ status: 'completed', connection_state: 'closed' });
  });
});

describe('record_quality', () => {
  it('sums up what pages report, for the call and for all calls', async () => {
    const first = await open('o1');
    await rpc('call_connected', { p_call: first });
    await report({ rtt_ms: 100, loss: 0.1, rating: 5, warnings: [] });
    await report({ rtt_ms: 300, loss: 0, rating: 2, warnings: ['loss', 'no_voice'] });
    const ofFirst = {
      samples: 2,
      rtt_ms: { n: 2, mean: 200, min: 100, max: 300, last: 300 },
      loss: { n: 2, mean: 0.05, min: 0, max: 0.1, last: 0 },
      rating: { n: 2, mean: 3.5, min: 2, max: 5, last: 2 },
      warnings: { loss: 1, no_voice: 1 },
    };
    expect((await storedCall(first))['quality']).toMatchObject(ofFirst);
    const second = await open('o2');
    await rpc('call_connected', { p_call: second });
    await report({ rtt_ms: 800, warnings: ['loss'] });
    expect((await storedCall(first))['quality']).toMatchObject(ofFirst);
    expect((await storedCall(second))['quality']).toMatchObject({
      samples: 1,
      rtt_ms: { n: 1, mean: 800, min: 800, max: 800, last: 800 },
      warnings: { loss: 1 },
    });
    expect((await stored())['quality']).toMatchObject({
      samples: 3,
      rtt_ms: { n: 3, mean: 400, min: 100, max: 800, last: 800 },
      warnings: { loss: 2, no_voice: 1 },
    });
  });

  it('is of no call while none is connected', async () => {
    expect(await report({ rating: 5 })).toEqual({ ok: false });
    const call = await open('o1');
    expect(await report({ rating: 5 })).toEqual({ ok: false });
    await rpc('call_connected', { p_call: call });
    await rpc('close_call', { p_call: call, p_reason: 'x' });
    expect(await report({ rating: 5 })).toEqual({ ok: false });
    expect(await stored()).toMatchObject({ quality: {} });
  });

  it.each<[string, unknown]>([
    ['nothing', null],
    ['a list', [{ rating: 5 }]],
    ['a text', '"well"'],
    ['an unknown figure', { rating: 5, said: 'words' }],
    ['a text for a number', { rtt_ms: '100' }],
    ['less than nothing', { jitter_ms: -1 }],
    ['more than a minute', { rtt_ms: 60_001 }],
    ['more than a number', { rtt_ms: 1e300 }],
    ['more than all', { loss: 1.01 }],
    ['a half rating', { rating: 4.5 }],
    ['a rating of 6', { rating: 6 }],
    ['a warning of words', { warnings: ['I said this.'] }],
    ['warnings that are none', { warnings: [{}] }],
    ['nine warnings', { warnings: Array.from({ length: 9 }, () => 'loss') }],
  ])('refuses %s and keeps what it had', async (_what, quality) => {
    await rpc('call_connected', { p_call: await open('o1') });
    await report({ rating: 4 });
    const before = await stored();
    expect(await report(quality)).toEqual({ error: 'bad_request' });
    expect(await stored()).toEqual(before);
  });

  it('does not grow, whatever pages call their warnings', async () => {
    await rpc('call_connected', { p_call: await open('o1') });
    const names = Array.from(
      { length: 30 },
      (_, n) => `w_${String.fromCharCode(97 + (n % 26)).repeat(3 + n / 26)}`,
    );
    for (const name of names) expect(await report({ warnings: [name] })).toEqual({ ok: true });
    const { quality } = await stored();
    expect(Object.keys((quality as { warnings: object }).warnings)).toHaveLength(16);
  });
});

describe('record_trouble', () => {
  it('counts from when it began, once, and never from before there were media', async () => {
    const call = await open('o1');
    expect(await rpc('record_trouble', { p_call: call, p_since_ms: 1 })).toEqual({ ok: false });
    await rpc('call_connected', { p_call: call });
    for (const since of [Number.MAX_SAFE_INTEGER, -5, 2000]) {
      expect(await rpc('record_trouble', { p_call: call, p_since_ms: since })).toEqual({
        ok: true,
      });
    }
    const { troubles, troubled_at: at, connected_at: connected } = await storedCall(call);
    expect([troubles, at]).toEqual([1, connected]);
    await rpc('call_connected', { p_call: call });
    await rpc('record_trouble', { p_call: call, p_since_ms: 0 });
    expect(await storedCall(call)).toMatchObject({ troubles: 2, connection_state: 'disconnected' });
  });
});
