import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from './database.ts';
import {
  answers,
  invite,
  makeTenant,
  makeUser,
  openCall,
  redeem,
  sessionOf,
  sha256,
  type Tenant,
} from './world.ts';

let database: Database;
let tenant: Tenant;

beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  tenant = await makeTenant(database, 'northwind');
});

type Result = Record<string, unknown>;
const limit = (limits: unknown, user = tenant.owner) =>
  database.rpcAs({ user }, 'set_limits', { p_tenant: tenant.id, p_limits: limits });
const start = (session: string, more: Result = {}) =>
  database.rpc('start_for_tenant', {
    p_key_hash: sha256(tenant.apiKey),
    p_tenant: tenant.externalId,
    p_session: session,
    p_interview: null,
    p_candidate: null,
    p_origins: null,
    p_locale: null,
    p_origin: null,
    p_consents: answers(),
    ...more,
  }) as Promise<Result>;

describe('set_limits', () => {
  const usual = { max_attempts: 50, max_session_minutes: null, max_sessions_per_day: 10000 };

  it('sets those that are named and tells them all', async () => {
    expect(await limit({})).toEqual(usual);
    expect(await limit({ max_session_minutes: 30 })).toEqual({ ...usual, max_session_minutes: 30 });
    expect(await limit({ max_session_minutes: null })).toEqual(usual);
  });

  it.each([
    [{ max_attempts: 0 }],
    [{ max_attempts: null }],
    [{ max_attempts: 1.5 }],
    [{ max_attempts: 'many' }],
    [{ max_session_minutes: 1e12 }],
    [{ max_live_calls: 5 }],
    [{ name: 'Contoso' }],
    [[]],
  ])('refuses %o', async (wrong) => {
    expect(await limit(wrong)).toEqual({ error: 'bad_request' });
  });

  it('is for owners of that tenant alone', async () => {
    const other = await makeTenant(database, 'contoso');
    for (const user of [tenant.recruiter, tenant.reviewer, other.owner]) {
      expect(await limit({ max_attempts: 1 }, user)).toEqual({ error: 'forbidden' });
    }
  });
});

describe('attempts', () => {
  it('of a link end with the device that had it last, which is told like any other', async () => {
    await limit({ max_attempts: 3 });
    const { token } = await invite(database, tenant);
    for (let device = 0; device < 2; device += 1) await redeem(database, token);
    const last = 'k'.repeat(43);
    const session = sessionOf(await redeem(database, token, { key: last }));
    expect(await redeem(database, token)).toEqual({
      error: 'invitation_in_use',
      contact: 'Dana Reyes',
    });
    expect(sessionOf(await redeem(database, token, { key: last }))).toBe(session);
    await database.rpcAs({ user: tenant.recruiter }, 'allow_another_device', {
      p_session: session,
    });
    expect(sessionOf(await redeem(database, token))).toBe(session);
  });

  it('of an account count over all its invitations to an interview', async () => {
    await limit({ max_attempts: 2 });
    const user = await makeUser(database);
    const begin = async () => redeem(database, (await invite(database, tenant)).token, { user });
    await begin();
    await begin();
    expect(await begin()).toEqual({ error: 'session_limit', contact: 'Dana Reyes' });
    const other = await makeUser(database);
    const { token } = await invite(database, tenant);
    expect(await redeem(database, token, { user: other })).toHaveProperty('session');
  });

  it('of somebody whom a backend names count by that name, and nothing is left of a refused one', async () => {
    await limit({ max_attempts: 1 });
    const ana = { p_candidate: { id: 'ana' } };
    const first = await start('1', ana);
    expect(await start('2', ana)).toEqual({ error: 'session_limit' });
    expect(sessionOf(await start('1', ana))).toBe(sessionOf(first));
    expect(await start('3', { p_candidate: { id: 'bo' } })).toHaveProperty('session');
    expect(await start('4')).toHaveProperty('session');
    const [people] = await database.sql(
      'select count(*)::int as n from public.candidates where tenant_id = $1',
      tenant.id,
    );
    expect(people).toEqual({ n: 3 });
  });
});

describe('minutes of a session that a backend started', () => {
  const opening = (session: string) =>
    database.rpc('open_call', {
      p_session: session,
      p_offer_id: 'another',
      p_writer: 'b_0123456789abcdef',
      p_reason: 'start',
      p_provider: 'openai',
    }) as Promise<Result>;

  it('bound its clock, and what is told of the time that is left', async () => {
    await limit({ max_session_minutes: 4 });
    const session = sessionOf(await start('short'));
    expect(await opening(session)).toMatchObject({ time_left_s: 240 });
    const call = await openCall(database, session);
    const told = (await database.rpc('call_connected', { p_call: call })) as Result;
    const [from, to] = [told['started_at'], told['deadline_at']].map((at) =>
      Date.parse(String(at)),
    );
    const seconds = (Number(to) - Number(from)) / 1000;
    expect(seconds).toBeGreaterThan(230);
    expect(seconds).toBeLessThanOrEqual(240);
  });

  it('are used up by calls that never became a talk', async () => {
    await limit({ max_session_minutes: 1 });
    const session = sessionOf(await start('tried'));
    const call = await openCall(database, session);
    await database.sql(
      `update public.session_calls set opened_at = now() - interval '61 s', closed_at = now() where id = $1`,
      call,
    );
    expect(await opening(session)).toEqual({ error: 'session_limit' });
  });

  it('are not those of an invitation', async () => {
    await limit({ max_session_minutes: 1 });
    const { token } = await invite(database, tenant);
    expect(await opening(sessionOf(await redeem(database, token)))).toMatchObject({
      time_left_s: null,
    });
  });
});

describe('sessions of a tenant within a day', () => {
  it('are so many and no more, by link or key, also when they come at once', async () => {
    await limit({ max_sessions_per_day: 5 });
    const { token } = await invite(database, tenant, { uses: 10 });
    const results = await Promise.all([
      ...Array.from({ length: 5 }, () => redeem(database, token)),
      ...Array.from({ length: 5 }, (_, index) => start(`day-${index}`)),
    ]);
    expect(results.filter((result) => 'session' in result)).toHaveLength(5);
    const refused = new Set(results.map((result) => result['error']));
    expect(refused).toEqual(new Set([undefined, 'rate_limited']));
    const [used] = await database.sql(
      `select (select uses from public.interview_invitations where tenant_id = $1) as uses,
        (select count(*)::int from public.interview_sessions where tenant_id = $1 and invitation_id is not null) as began`,
      tenant.id,
    );
    expect(used?.['uses']).toBe(used?.['began']);
  });

  it('are no hindrance for what was begun, and are over tomorrow', async () => {
    await limit({ max_sessions_per_day: 1 });
    const session = sessionOf(await start('first'));
    expect(sessionOf(await start('first'))).toBe(session);
    expect(await start('second')).toEqual({ error: 'rate_limited' });
    await database.sql(
      `update public.interview_sessions set created_at = now() - interval '25 hours' where id = $1`,
      session,
    );
    expect(await start('second')).toHaveProperty('session');
  });
});
