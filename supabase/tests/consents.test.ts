import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type Caller, type Database } from './database.ts';
import {
  answers,
  invite,
  makeTenant,
  makeUser,
  newKey,
  openCall,
  redeem,
  sessionOf,
  sha256,
  type Tenant,
} from './world.ts';

let database: Database;
let tenant: Tenant;
let token: string;
let key: string;
let user: string;
let session: string;

beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  tenant = await makeTenant(database, 'northwind');
  token = (await invite(database, tenant)).token;
  key = newKey();
  user = await makeUser(database);
  session = sessionOf(await redeem(database, token, { key, user, consents: both() }));
});

/** Yes to the optional consent too. */
const both = () => answers().map((answer) => ({ ...answer, granted: true }));
const withdraw = (...purposes: string[]) =>
  database.rpc('withdraw_in_session', { p_session: session, p_purposes: purposes });
const standing = (caller: Caller = { user }) =>
  database.as(
    caller,
    'select purpose, granted_at, withdrawn_at from public.consents_current order by purpose',
  );
const stored = async () =>
  (
    await database.sql('select * from public.interview_sessions where id = $1', session)
  )[0] as Record<string, unknown>;

describe('a consent that is taken back', () => {
  it('is a row of its own beside the one that was given', async () => {
    await withdraw('other_roles');
    const rows = await database.sql(
      `select purpose, version, text, text_hash, granted from public.consents
       where session_id = $1 and purpose = 'other_roles' order by id`,
      session,
    );
    expect(rows).toHaveLength(2);
    expect(rows[1]).toEqual({ ...rows[0], granted: false });
  });

  it('shows when it was given and when taken back, to the candidate and to members', async () => {
    await withdraw('other_roles');
    const seen = await standing();
    expect(seen).toMatchObject([
      {
        purpose: 'other_roles',
        granted_at: expect.anything() as unknown,
        withdrawn_at: expect.anything() as unknown,
      },
      { purpose: 'processing', granted_at: expect.anything() as unknown, withdrawn_at: null },
    ]);
    expect(await standing({ user: tenant.reviewer })).toEqual(seen);
    expect(await standing({ user: await makeUser(database) })).toEqual([]);
  });

  it('can be taken back twice, and given again', async () => {
    const first = await withdraw('processing');
    expect(await withdraw('processing')).toEqual(first);
    expect(sessionOf(await redeem(database, token, { key, user }))).toBe(session);
    expect((await standing())[1]).toMatchObject({ purpose: 'processing', withdrawn_at: null });
  });

  it('was never given where it was declined', async () => {
    const other = await invite(database, tenant);
    const somebody = await makeUser(database);
    await redeem(database, other.token, { user: somebody });
    expect((await standing({ user: somebody }))[0]).toEqual({
      purpose: 'other_roles',
      granted_at: null,
      withdrawn_at: null,
    });
  });

  it.each([[['marketing']], [['processing', 'marketing']], [[]]])(
    'of %o is unknown, and then nothing is taken back',
    async (purposes) => {
      expect(await withdraw(...purposes)).toEqual({ error: 'not_found' });
      expect((await standing()).filter(({ withdrawn_at }) => withdrawn_at !== null)).toEqual([]);
    },
  );
});

describe('an interview whose consent is taken back', () => {
  let call: string;
  const begin = async () => {
    call = await openCall(database, session);
    await database.rpc('call_connected', { p_call: call });
    await database.rpc('take_lease', { p_call: call, p_holder: 'proxy', p_seconds: 30 });
  };
  const commands = () => database.rpc('take_commands', { p_holder: 'proxy' });

  it('does not begin without a required one', async () => {
    expect(await withdraw('processing')).toMatchObject({ ok: true, interview: 'not_begun' });
    expect(await redeem(database, token, { key, user, consents: [] })).toEqual({
      error: 'consent_required',
    });
  });

  it('ends as withdrawn, and whoever supervises it is told once', async () => {
    await begin();
    expect(await withdraw('processing')).toMatchObject({ ok: true, interview: 'ends' });
    expect(await stored()).toMatchObject({ status: 'ending', end_reason: 'withdrawn' });
    expect(await commands()).toMatchObject([
      { session_id: session, message: { type: 'action', kind: 'withdraw' } },
    ]);
    await withdraw('processing');
    expect(await commands()).toEqual([]);
  });

  it('is over a minute later also where nobody supervises it, and takes no call till then', async () => {
    call = await openCall(database, session);
    await database.rpc('call_connected', { p_call: call });
    await withdraw('processing');
    const offer = { p_session: session, p_offer_id: 'x', p_writer: 'b_0123456789abcdef' };
    expect(
      await database.rpc('open_call', { ...offer, p_reason: 'resume', p_provider: 'openai' }),
    ).toEqual({ error: 'session_ended' });
    await database.sql(
      `update public.interview_sessions set ending_at = now() - interval '61 s' where id = $1`,
      session,
    );
    await database.rpc('expire_sessions', {});
    expect(await stored()).toMatchObject({ status: 'completed', end_reason: 'withdrawn' });
    const [closed] = await database.sql(
      'select closed_at from public.session_calls where id = $1',
      call,
    );
    expect(closed?.['closed_at']).not.toBeNull();
  });

  it('goes on without an optional one', async () => {
    await begin();
    expect(await withdraw('other_roles')).toMatchObject({ ok: true, interview: 'goes_on' });
    expect(await stored()).toMatchObject({ status: 'active' });
    expect(await commands()).toEqual([]);
  });

  it('ends also where a start says so', async () => {
    await begin();
    expect(await redeem(database, token, { key, user, consents: answers(false) })).toEqual({
      error: 'consent_required',
    });
    expect(await stored()).toMatchObject({ status: 'ending', end_reason: 'withdrawn' });
  });

  it('stays as it is when it is over', async () => {
    await begin();
    const done = { p_session: session, p_reason: 'completed', p_writers: {}, p_lost: [] };
    await database.rpc('complete_session', { ...done, p_force: true });
    const before = await stored();
    expect(await withdraw('processing')).toMatchObject({ ok: true, interview: 'over' });
    expect(await stored()).toEqual(before);
  });
});

describe('who takes a consent back', () => {
  const byLink = (device: string, more: Record<string, unknown> = {}) =>
    database.rpc('withdraw_by_invitation', {
      p_invitation_hash: sha256(token),
      p_device_hash: sha256(device),
      p_user: null,
      p_origin: null,
      p_purposes: ['other_roles'],
      ...more,
    });

  it('is the device that began, also when the invitation is over', async () => {
    await database.sql(
      `update public.interview_invitations set expires_at = now(), revoked_at = now()`,
    );
    expect(await byLink(key)).toMatchObject({ ok: true });
  });

  it('is no other device, page or link', async () => {
    expect(await byLink(newKey())).toEqual({ error: 'not_found' });
    expect(await byLink(key, { p_origin: 'https://evil.example' })).toEqual({
      error: 'origin_not_allowed',
    });
    expect(await byLink(key, { p_invitation_hash: sha256('x') })).toEqual({
      error: 'invitation_invalid',
    });
  });

  it('is the account that began, on any device and over the API, and no other', async () => {
    expect(await byLink(newKey(), { p_user: user })).toMatchObject({ ok: true });
    const over = (who: string) =>
      database.rpcAs({ user: who }, 'withdraw_consent', {
        p_session: session,
        p_purposes: ['processing'],
      });
    for (const other of [await makeUser(database), tenant.owner, tenant.recruiter]) {
      expect(await over(other)).toEqual({ error: 'not_found' });
    }
    expect(await over(user)).toMatchObject({ ok: true, interview: 'not_begun' });
  });

  it('says which, as a list', async () => {
    for (const wrong of ['processing', {}, null]) {
      expect(await byLink(key, { p_purposes: JSON.stringify(wrong) })).toEqual({
        error: 'bad_request',
      });
    }
  });
});
