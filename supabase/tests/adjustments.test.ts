import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from './database.ts';
import {
  answers,
  invite,
  makeTenant,
  newKey,
  openCall,
  redeem,
  sessionOf,
  sha256,
  type Tenant,
} from './world.ts';

let database: Database;
let tenant: Tenant;
let invitation: { id: string; token: string };

beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  tenant = await makeTenant(database, 'northwind');
  invitation = await invite(database, tenant);
});

type Result = Record<string, unknown>;
const decide = (args: Result, user = tenant.recruiter) =>
  database.rpcAs({ user }, 'decide_adjustment', {
    p_multiplier: '1.5',
    ...args,
  }) as Promise<Result>;
const look = (key = newKey()) =>
  database.rpc('look_at_invitation', {
    p_invitation_hash: sha256(invitation.token),
    p_device_hash: sha256(key),
    p_user: null,
    p_origin: null,
  }) as Promise<{ interview: { duration_s: number }; modes: string[] }>;
const newest = async () => {
  const [row] = await database.sql('select max(id) as id from public.adjustments');
  return row?.['id'];
};

/** Connects a session and gives its planned length, seconds. */
async function begin(session: string): Promise<{ call: string; seconds: number }> {
  const call = await openCall(database, session);
  const told = (await database.rpc('call_connected', { p_call: call })) as Result;
  const [from, to] = [told['started_at'], told['deadline_at']].map((at) => Date.parse(String(at)));
  return { call, seconds: Math.round((Number(to) - Number(from)) / 1000) };
}

describe('more time', () => {
  it.each([
    ['1', 600],
    ['1.25', 750],
    ['1.5', 900],
    ['2', 1200],
    ['none', 14400],
  ])('of %s makes ten minutes %i seconds, wherever they are told', async (multiplier, seconds) => {
    expect(await decide({ p_invitation: invitation.id, p_multiplier: multiplier })).toEqual({
      decided: true,
    });
    expect((await look()).interview.duration_s).toBe(seconds);
    const started = await redeem(database, invitation.token);
    expect(started).toMatchObject({ session: { interview: { duration_s: seconds } } });
    // By this the proxy reckons the deadline until the database has.
    const brief = await database.rpc('session_brief', { p_session: sessionOf(started) });
    expect(brief).toMatchObject({ interview: { duration_s: seconds } });
    expect((await begin(sessionOf(started))).seconds).toBe(seconds);
  });

  it('holds for what a proxy saves, with the standstills and no further', async () => {
    await decide({ p_invitation: invitation.id, p_multiplier: '2' });
    const session = sessionOf(await redeem(database, invitation.token));
    const { call } = await begin(session);
    await database.rpc('take_lease', { p_call: call, p_holder: 'proxy', p_seconds: 30 });
    await database.rpc('save_reducer', {
      p_call: call,
      p_epoch: 1,
      p_state: {},
      p_phase: 'question',
      p_deadline: new Date(Date.now() + 36_000_000).toISOString(),
    });
    const [row] = await database.sql(
      `select round(extract(epoch from deadline_at - started_at))::int as s
       from public.interview_sessions where id = $1`,
      session,
    );
    expect(row).toEqual({ s: 1200 + 15 * 60 });
  });

  it('is bounded by the minutes of the invitation', async () => {
    await database.sql(
      'update public.interview_invitations set max_minutes = 11 where id = $1',
      invitation.id,
    );
    await decide({ p_invitation: invitation.id, p_multiplier: 'none' });
    const { seconds } = await begin(sessionOf(await redeem(database, invitation.token)));
    expect(seconds).toBe(660);
  });

  it('stays with the candidate who changes the device before the talk', async () => {
    const first = sessionOf(await redeem(database, invitation.token));
    await decide({ p_session: first });
    const second = sessionOf(await redeem(database, invitation.token));
    expect(second).not.toBe(first);
    expect((await begin(second)).seconds).toBe(900);
  });

  it('is decided anew as often as needed, and the newest counts', async () => {
    await decide({ p_invitation: invitation.id, p_multiplier: 'none' });
    await decide({ p_invitation: invitation.id, p_multiplier: '1.25' });
    expect((await look()).interview.duration_s).toBe(750);
  });

  it('of one candidate is nobody else’s', async () => {
    const shared = await invite(database, tenant, { uses: 2 });
    const [mine, other] = [
      sessionOf(await redeem(database, shared.token)),
      sessionOf(await redeem(database, shared.token)),
    ];
    expect(await decide({ p_session: mine })).toEqual({ decided: true });
    expect((await begin(mine)).seconds).toBe(900);
    expect((await begin(other)).seconds).toBe(600);
    expect(await decide({ p_invitation: shared.id })).toEqual({ error: 'bad_request' });
  });
});

describe('another mode', () => {
  it('is offered beside the interview’s own, and taken', async () => {
    expect(await redeem(database, invitation.token, { mode: 'text' })).toEqual({
      error: 'unsupported',
    });
    await decide({ p_invitation: invitation.id, p_multiplier: '1', p_mode: 'text' });
    expect((await look()).modes).toEqual(['voice', 'text']);
    const started = await redeem(database, invitation.token, { mode: 'text' });
    expect(started).toMatchObject({ session: { mode: 'text' } });
  });
});

describe('a request', () => {
  const ask = () =>
    database.rpc('ask_before_start', {
      p_invitation_hash: sha256(invitation.token),
      p_device_hash: sha256(newKey()),
      p_kind: 'adjustment',
      p_note: 'More time, please.',
      p_origin: null,
    });

  it('is answered by name, and the decision says by whom and when', async () => {
    await ask();
    const id = await newest();
    expect(await decide({ p_adjustment: id })).toEqual({ decided: true });
    expect((await look()).interview.duration_s).toBe(900);
    const [row] = await database.as(
      { user: tenant.owner },
      'select * from public.adjustment_decisions',
    );
    expect(row).toMatchObject({
      adjustment_id: id,
      multiplier: '1.5',
      mode: null,
      decided_by: tenant.recruiter,
      decided_at: expect.anything() as unknown,
    });
  });

  it('of a tenant’s own backend may come before its session', async () => {
    const call = (name: string, args: Result) =>
      database.rpc(name, {
        p_key_hash: sha256(tenant.apiKey),
        p_tenant: tenant.externalId,
        p_session: 'early',
        p_origin: null,
        ...args,
      }) as Promise<Result>;
    await call('ask_for_tenant', { p_kind: 'adjustment', p_note: 'In writing, please.' });
    await decide({ p_adjustment: await newest(), p_multiplier: '2', p_mode: 'text' });
    expect(await call('look_for_tenant', { p_interview: null })).toMatchObject({
      interview: { duration_s: 1200 },
      modes: ['voice', 'text'],
    });
    const started = await call('start_for_tenant', {
      p_interview: null,
      p_candidate: null,
      p_origins: null,
      p_locale: null,
      p_consents: answers(),
    });
    expect(started).toMatchObject({ session: { mode: 'text' } });
    expect((await begin(sessionOf(started))).seconds).toBe(1200);
    const [asked] = await database.sql(
      'select session_id from public.adjustments where id = $1',
      await newest(),
    );
    expect(asked).toEqual({ session_id: sessionOf(started) });
  });
});

describe('decide_adjustment', () => {
  it('is for owners and recruiters of the tenant alone, and so is reading it', async () => {
    const other = await makeTenant(database, 'contoso');
    for (const user of [tenant.reviewer, other.owner]) {
      expect(await decide({ p_invitation: invitation.id }, user)).toEqual({ error: 'forbidden' });
    }
    await decide({ p_invitation: invitation.id }, tenant.owner);
    const read = (user: string) =>
      database.as({ user }, 'select id from public.adjustment_decisions');
    expect(await read(tenant.recruiter)).toHaveLength(1);
    for (const user of [tenant.reviewer, other.owner]) expect(await read(user)).toEqual([]);
  });

  it('leaves an interview alone that has begun', async () => {
    const session = sessionOf(await redeem(database, invitation.token));
    await begin(session);
    for (const target of [{ p_session: session }, { p_invitation: invitation.id }]) {
      expect(await decide(target)).toEqual({ decided: false });
    }
  });

  it.each([
    [{ p_multiplier: '3' }],
    [{ p_multiplier: null }],
    [{ p_mode: 'video' }],
    [{ p_invitation: null }],
    [{ p_session: '00000000-0000-4000-8000-000000000000' }],
  ])('refuses %o', async (wrong) => {
    expect(await decide({ p_invitation: invitation.id, ...wrong })).toEqual({
      error: 'bad_request',
    });
  });

  it('is never changed afterwards, but for the name of an account that is deleted', async () => {
    await decide({ p_invitation: invitation.id });
    await expect(
      database.sql(`update public.adjustment_decisions set multiplier = 'none'`),
    ).rejects.toMatchObject({ code: '23001' });
    await database.sql('delete from auth.users where id = $1', tenant.recruiter);
    const [row] = await database.sql(
      'select decided_by, multiplier from public.adjustment_decisions where tenant_id = $1',
      tenant.id,
    );
    expect(row).toEqual({ decided_by: null, multiplier: '1.5' });
  });

  it('is given out with what is theirs, and reaches no report', async () => {
    const session = sessionOf(await redeem(database, invitation.token));
    await decide({ p_session: session, p_mode: 'text' });
    const [row] = await database.sql(
      'select candidate_id from public.interview_sessions where id = $1',
      session,
    );
    const exported = await database.rpcAs({ user: tenant.owner }, 'export_candidate', {
      p_candidate: row?.['candidate_id'],
    });
    expect(exported).toMatchObject({ adjustment_decisions: [{ multiplier: '1.5' }] });
    const source = await database.rpc('report_source', { p_session: session });
    expect(JSON.stringify(source)).not.toMatch(/adjust|multiplier|1\.5/);
  });
});
