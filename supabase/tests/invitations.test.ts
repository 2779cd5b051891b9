import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from './database.ts';
import {
  answers,
  consents,
  deliver,
  invite,
  makeTenant,
  makeUser,
  newKey,
  newWriter,
  openCall,
  redeem,
  row,
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

const look = (key = newKey(), more: Record<string, unknown> = {}) =>
  database.rpc('look_at_invitation', {
    p_invitation_hash: sha256(invitation.token),
    p_device_hash: sha256(key),
    p_user: null,
    p_origin: null,
    ...more,
  }) as Promise<Record<string, unknown>>;

/** Fixes a session to its device. */
const bind = async (session: string) => {
  const writer = newWriter();
  await deliver(database, session, writer, [{ writer_id: writer, sequence: 1, tombstone: 'x' }]);
};

const counts = async () =>
  (
    await database.sql(
      `select (select uses from public.interview_invitations where id = $1) as uses,
        (select count(*)::int from public.interview_sessions where invitation_id = $1 and status <> 'cancelled') as live`,
      invitation.id,
    )
  )[0];

const statusOf = async (session: string) =>
  (await database.sql('select * from public.interview_sessions where id = $1', session))[0] ?? {};

describe('create_invitation', () => {
  it('returns a token of 256 bits once and stores its hash', async () => {
    expect(invitation.token).toMatch(/^inv_[A-Za-z0-9_-]{43}$/);
    const other = await invite(database, tenant);
    expect(other.token).not.toBe(invitation.token);
    const [stored] = await database.sql(
      'select * from public.interview_invitations where id = $1',
      invitation.id,
    );
    expect(stored?.['token_hash']).toBe(sha256(invitation.token));
    expect(JSON.stringify(stored)).not.toContain(invitation.token);
  });

  it.each([{ p_expires_in_s: 1 }, { p_max_uses: 0 }, { p_note: 'x'.repeat(501) }])(
    'refuses %o',
    async (wrong) => {
      const result = await database.rpcAs({ user: tenant.owner }, 'create_invitation', {
        p_interview: tenant.interview,
        ...wrong,
      });
      expect(result).toMatchObject({ error: 'bad_request' });
    },
  );
});

describe('look_at_invitation', () => {
  it('tells what the link is about and changes nothing', async () => {
    expect(await look()).toMatchObject({
      interview: { title: 'Designer', duration_s: 600, questions_total: 2 },
      consents,
      modes: ['voice'],
      resumable: false,
    });
    const [row] = await database.sql(
      'select uses, (select count(*) from public.interview_sessions where invitation_id = v.id) as n from public.interview_invitations v where id = $1',
      invitation.id,
    );
    expect([row?.['uses'], Number(row?.['n'])]).toEqual([0, 0]);
  });

  it('is resumable for the device whose call was connected', async () => {
    const key = newKey();
    const session = sessionOf(await redeem(database, invitation.token, { key }));
    expect(await look(key)).toMatchObject({ resumable: false });
    await database.rpc('call_connected', { p_call: await openCall(database, session) });
    expect(await look(key)).toMatchObject({ resumable: true });
  });

  it('refuses pages that the tenant did not allow, and takes those without an origin', async () => {
    expect(await look(newKey(), { p_origin: 'https://jobs.example' })).toHaveProperty('interview');
    for (const origin of ['https://jobs.example.evil', 'null', 'http://jobs.example', '']) {
      expect(await look(newKey(), { p_origin: origin })).toEqual({ error: 'origin_not_allowed' });
    }
  });

  it('tells the holder of a real token what is wrong with it', async () => {
    expect(await look(newKey(), { p_invitation_hash: sha256('inv_unknown') })).toEqual({
      error: 'invitation_invalid',
    });
    await database.sql(
      `update public.interview_invitations set expires_at = now() - interval '1 s' where id = $1`,
      invitation.id,
    );
    expect(await look()).toEqual({ error: 'invitation_expired', contact: 'Dana Reyes' });
    await database.rpcAs({ user: tenant.recruiter }, 'revoke_invitation', {
      p_invitation: invitation.id,
    });
    expect(await look()).toMatchObject({ error: 'invitation_revoked' });
  });
});

describe('redeem_invitation', () => {
  it('fixes the mode, of those that the interview offers, and tells it ever after', async () => {
    expect(await redeem(database, invitation.token, { mode: 'text' })).toEqual({
      error: 'unsupported',
    });
    await database.sql(
      `update public.interviews set modes = '{voice,text}' where id = $1`,
      tenant.interview,
    );
    const key = newKey();
    const first = await redeem(database, invitation.token, { key, mode: 'text' });
    expect(first).toMatchObject({ session: { mode: 'text' } });
    const again = await redeem(database, invitation.token, { key, mode: 'voice' });
    expect(again).toMatchObject({ session: { id: sessionOf(first), mode: 'text' } });
    await database.sql(
      `update public.interviews set modes = '{voice}' where id = $1`,
      tenant.interview,
    );
  });

  it('makes one session a device, however often it asks', async () => {
    const key = newKey();
    const first = await redeem(database, invitation.token, { key });
    const second = await redeem(database, invitation.token, { key });
    expect(sessionOf(second)).toBe(sessionOf(first));
    expect(first).toMatchObject({
      tenant_id: tenant.id,
      transcript: [],
      session: { status: 'created' },
    });
    expect(first['origins']).toEqual(['https://jobs.example', 'https://careers.example']);
  });

  it('gives a single use to one of a hundred devices at once', async () => {
    const results = await Promise.all(
      Array.from({ length: 100 }, async () => {
        const result = await redeem(database, invitation.token);
        // The first to come is bound at once, so that the others can't take it over.
        if ('session' in result) await bind(sessionOf(result));
        return result;
      }),
    );
    expect(await counts()).toEqual({ uses: 1, live: 1 });
    const refused = results.filter((result) => 'error' in result);
    for (const result of refused) expect(result).toMatchObject({ error: 'invitation_in_use' });
  });

  it('lets a hundred devices at once take it over from each other, and one has it', async () => {
    await database.sql('update public.tenants set max_attempts = 1000 where id = $1', tenant.id);
    const results = await Promise.all(
      Array.from({ length: 100 }, () => redeem(database, invitation.token)),
    );
    expect(new Set(results.map(sessionOf)).size).toBe(100);
    expect(await counts()).toEqual({ uses: 1, live: 1 });
  });

  it('gives one device that asks a hundred times at once one session, also when replies were lost', async () => {
    const key = newKey();
    // Whoever hears nothing asks again, with the same key.
    void redeem(database, invitation.token, { key });
    const results = await Promise.all(
      Array.from({ length: 100 }, () => redeem(database, invitation.token, { key })),
    );
    expect(new Set(results.map(sessionOf)).size).toBe(1);
    expect(await counts()).toEqual({ uses: 1, live: 1 });
    const [kept] = await database.sql(
      'select count(*)::int as n from public.consents where session_id = $1',
      sessionOf(await redeem(database, invitation.token, { key })),
    );
    expect(kept).toEqual({ n: 2 });
  });

  it('never gives out more uses than there are', async () => {
    const shared = await invite(database, tenant, { uses: 3 });
    const results = await Promise.all(
      Array.from({ length: 8 }, () => redeem(database, shared.token)),
    );
    const started = results.filter((result) => !('error' in result));
    expect(new Set(started.map(sessionOf)).size).toBe(3);
    expect(results.filter((result) => result['error'] === 'invitation_in_use')).toHaveLength(5);
  });

  it('lets another device take over what never connected, and ends the former’s session', async () => {
    const former = sessionOf(await redeem(database, invitation.token));
    const call = await openCall(database, former);
    const next = sessionOf(await redeem(database, invitation.token));
    expect(next).not.toBe(former);
    expect(await statusOf(former)).toMatchObject({ status: 'cancelled' });
    expect(await database.rpc('call_connected', { p_call: call })).toEqual({
      error: 'session_ended',
    });
    expect(await database.rpc('renew_allowed', { p_session: former })).toEqual({ ok: false });
    expect((await statusOf(next))['candidate_id']).toBe((await statusOf(former))['candidate_id']);
  });

  it.each(['a connected call', 'a stored row'])(
    'binds the device for good with %s',
    async (what) => {
      const key = newKey();
      const session = sessionOf(await redeem(database, invitation.token, { key }));
      const call = await openCall(database, session);
      const writer = newWriter();
      if (what === 'a connected call') await database.rpc('call_connected', { p_call: call });
      else await deliver(database, session, writer, [row(writer, 1, call, 'a')]);
      expect(await redeem(database, invitation.token)).toEqual({
        error: 'invitation_in_use',
        contact: 'Dana Reyes',
      });
      expect(sessionOf(await redeem(database, invitation.token, { key }))).toBe(session);
    },
  );

  it('goes on after the invitation expired, where it began before', async () => {
    const key = newKey();
    const session = sessionOf(await redeem(database, invitation.token, { key }));
    await database.sql(
      `update public.interview_invitations set expires_at = now() where id = $1`,
      invitation.id,
    );
    expect(sessionOf(await redeem(database, invitation.token, { key }))).toBe(session);
    expect(await redeem(database, invitation.token)).toMatchObject({ error: 'invitation_expired' });
  });

  it('is over when the interview is', async () => {
    const key = newKey();
    const session = sessionOf(await redeem(database, invitation.token, { key }));
    await database.rpc('complete_session', {
      p_session: session,
      p_reason: 'completed',
      p_writers: {},
      p_lost: [],
      p_force: false,
    });
    for (const device of [key, newKey()]) {
      expect(await redeem(database, invitation.token, { key: device })).toMatchObject({
        error: 'invitation_completed',
      });
    }
  });

  it('lets the account that began it in on another device, and no other account', async () => {
    const user = await makeUser(database);
    const session = sessionOf(await redeem(database, invitation.token, { user }));
    await database.rpc('call_connected', { p_call: await openCall(database, session) });
    expect(sessionOf(await redeem(database, invitation.token, { user }))).toBe(session);
    const other = await makeUser(database);
    expect(await redeem(database, invitation.token, { user: other })).toMatchObject({
      error: 'invitation_in_use',
    });
  });

  it('lets one more device in when a recruiter says so, and records it', async () => {
    const key = newKey();
    const session = sessionOf(await redeem(database, invitation.token));
    await database.rpc('call_connected', { p_call: await openCall(database, session) });
    await database.rpcAs({ user: tenant.recruiter }, 'allow_another_device', {
      p_session: session,
    });
    expect(sessionOf(await redeem(database, invitation.token, { key }))).toBe(session);
    expect(await redeem(database, invitation.token)).toMatchObject({ error: 'invitation_in_use' });
    const events = await database.sql(
      'select kind from public.integrity_events where session_id = $1 order by id',
      session,
    );
    expect(events.map(({ kind }) => kind)).toEqual(['device_allowed', 'device_changed']);
  });

  it('asks for an account where the interview wants one', async () => {
    await database.sql(
      'update public.interviews set account_required = true where id = $1',
      tenant.interview,
    );
    expect(await redeem(database, invitation.token)).toEqual({ error: 'account_required' });
    const user = await makeUser(database);
    expect(await redeem(database, invitation.token, { user })).toHaveProperty('session');
  });

  it('refuses a mode that the interview does not offer', async () => {
    expect(await redeem(database, invitation.token, { mode: 'text' })).toEqual({
      error: 'unsupported',
    });
  });

  it('refuses an origin that is not the tenant’s before anything is bound', async () => {
    const result = await redeem(database, invitation.token, { origin: 'https://evil.example' });
    expect(result).toEqual({ error: 'origin_not_allowed' });
    const [stored] = await database.sql(
      'select uses from public.interview_invitations where id = $1',
      invitation.id,
    );
    expect(stored?.['uses']).toBe(0);
  });
});

describe('consents', () => {
  const stored = (session: string) =>
    database.sql(
      'select purpose, version, text, text_hash, granted from public.consents where session_id = $1 order by id',
      session,
    );

  it('are stored with the text that was shown, once', async () => {
    const key = newKey();
    const session = sessionOf(await redeem(database, invitation.token, { key }));
    await redeem(database, invitation.token, { key });
    expect(await stored(session)).toEqual(
      consents.map(({ purpose, version, text, required }) => ({
        purpose,
        version,
        text,
        text_hash: sha256(text),
        granted: required,
      })),
    );
  });

  it.each([
    ['no answer', [], 'consent_required'],
    ['a refusal', answers(false), 'consent_required'],
    ['a refusal beside a consent', [...answers(), ...answers(false)], 'consent_required'],
    [
      'another text',
      answers().map((a) => ({ ...a, text_hash: sha256('other') })),
      'consent_outdated',
    ],
    ['another version', answers().map((a) => ({ ...a, version: '0' })), 'consent_outdated'],
    [
      'a purpose that nobody asked for',
      [...answers(), { ...answers()[0], purpose: 'marketing' }],
      'consent_outdated',
    ],
  ])('with %s nothing starts and nothing is stored', async (_, given, error) => {
    expect(await redeem(database, invitation.token, { consents: given })).toEqual({ error });
    const [row] = await database.sql(
      `select uses, (select count(*)::int from public.consents where tenant_id = v.tenant_id) as kept
       from public.interview_invitations v where id = $1`,
      invitation.id,
    );
    expect(row).toEqual({ uses: 0, kept: 0 });
  });

  it('hold for what was begun when the wording changes later', async () => {
    const key = newKey();
    const session = sessionOf(await redeem(database, invitation.token, { key }));
    await database.sql(
      `update public.interviews set consents = jsonb_set(consents, '{0,text}', '"New."') where id = $1`,
      tenant.interview,
    );
    expect(sessionOf(await redeem(database, invitation.token, { key, consents: [] }))).toBe(
      session,
    );
    expect(sessionOf(await redeem(database, invitation.token, { key }))).toBe(session);
    expect(await redeem(database, invitation.token)).toEqual({ error: 'consent_outdated' });
  });

  it('can be withdrawn, which is kept although nothing starts', async () => {
    const key = newKey();
    const session = sessionOf(await redeem(database, invitation.token, { key }));
    expect(await redeem(database, invitation.token, { key, consents: answers(false) })).toEqual({
      error: 'consent_required',
    });
    expect((await stored(session)).map(({ granted }) => granted)).toEqual([true, false, false]);
    expect(await redeem(database, invitation.token, { key, consents: [] })).toEqual({
      error: 'consent_required',
    });
  });
});

describe('ask_before_start', () => {
  const ask = (more: Record<string, unknown> = {}) =>
    database.rpc('ask_before_start', {
      p_invitation_hash: sha256(invitation.token),
      p_device_hash: sha256(newKey()),
      p_kind: 'adjustment',
      p_note: 'More time, please.',
      p_origin: null,
      ...more,
    });

  it('writes the request and nothing else', async () => {
    expect(await ask()).toEqual({ ok: true });
    const rows = await database.sql(
      'select kind, note, session_id from public.adjustments where invitation_id = $1',
      invitation.id,
    );
    expect(rows).toEqual([{ kind: 'adjustment', note: 'More time, please.', session_id: null }]);
    expect(await look()).toMatchObject({ resumable: false });
  });

  it('takes ten a day, also when they come at once', async () => {
    const results = await Promise.all(Array.from({ length: 13 }, () => ask()));
    expect(results.filter((result) => 'ok' in (result as object))).toHaveLength(10);
    expect(results).toContainEqual({ error: 'rate_limited' });
  });

  it('refuses unknown invitations and foreign pages', async () => {
    expect(await ask({ p_invitation_hash: sha256('x') })).toEqual({ error: 'invitation_invalid' });
    expect(await ask({ p_origin: 'https://evil.example' })).toEqual({
      error: 'origin_not_allowed',
    });
  });
});

describe('start_for_tenant', () => {
  const start = (more: Record<string, unknown> = {}) =>
    database.rpc('start_for_tenant', {
      p_key_hash: sha256(tenant.apiKey),
      p_tenant: tenant.externalId,
      p_session: 'session-1',
      p_interview: null,
      p_candidate: { id: 'c-1', name: 'Ana' },
      p_origins: null,
      p_locale: null,
      p_origin: null,
      p_consents: answers(),
      ...more,
    }) as Promise<Record<string, unknown>>;

  it('finds the session of the same id again, also when both come at once', async () => {
    const results = await Promise.all([start(), start(), start()]);
    expect(new Set(results.map(sessionOf)).size).toBe(1);
    expect(sessionOf(await start({ p_session: 'session-2' }))).not.toBe(sessionOf(await start()));
    const people = await database.sql(
      'select name from public.candidates where tenant_id = $1',
      tenant.id,
    );
    expect(people).toEqual([{ name: 'Ana' }]);
  });

  it('asks for the consents that a link asks for, and keeps them with the session', async () => {
    for (const [given, error] of [
      [[], 'consent_required'],
      [answers(false), 'consent_required'],
      [answers().map((answer) => ({ ...answer, version: '0' })), 'consent_outdated'],
    ]) {
      expect(await start({ p_consents: given })).toEqual({ error });
    }
    const session = sessionOf(await start());
    const kept = await database.sql(
      'select purpose, granted from public.consents where session_id = $1 order by id',
      session,
    );
    expect(kept).toEqual([
      { purpose: 'processing', granted: true },
      { purpose: 'other_roles', granted: false },
    ]);
    expect(sessionOf(await start({ p_consents: [] }))).toBe(session);
    expect(await start({ p_consents: answers(false) })).toEqual({ error: 'consent_required' });
    expect(await start({ p_consents: [] })).toEqual({ error: 'consent_required' });
  });

  it('takes a mode that the interview offers', async () => {
    expect(await start({ p_mode: 'text' })).toEqual({ error: 'unsupported' });
    expect(await start({ p_mode: 'voice' })).toMatchObject({ session: { mode: 'voice' } });
  });

  it('takes an interview by either id, and says what is wrong otherwise', async () => {
    expect(await start({ p_session: 'a', p_interview: 'designer' })).toHaveProperty('session');
    expect(await start({ p_session: 'b', p_interview: tenant.interview })).toHaveProperty(
      'session',
    );
    expect(await start({ p_session: 'c', p_interview: 'nobody' })).toEqual({ error: 'not_found' });
    await database.sql(
      'update public.tenants set default_interview_id = null where id = $1',
      tenant.id,
    );
    expect(await start({ p_session: 'd' })).toEqual({ error: 'interview_required' });
    const other = await makeTenant(database, 'contoso');
    expect(await start({ p_session: 'e', p_interview: other.interview })).toEqual({
      error: 'not_found',
    });
  });

  it('narrows the origins and never widens them', async () => {
    const narrowed = await start({ p_origins: ['https://careers.example'] });
    expect(narrowed['origins']).toEqual(['https://careers.example']);
    expect(await start({ p_session: 'x', p_origins: ['https://evil.example'] })).toEqual({
      error: 'origin_not_allowed',
    });
  });

  it('refuses keys that are unknown, over, or meant for something else', async () => {
    const other = await makeTenant(database, 'contoso');
    expect(await start({ p_key_hash: sha256('ik_x') })).toEqual({ error: 'api_key_invalid' });
    expect(await start({ p_tenant: other.externalId })).toEqual({ error: 'forbidden' });
    await database.sql(
      `update public.tenant_api_keys set scopes = '{transcripts:read}' where tenant_id = $1`,
      tenant.id,
    );
    expect(await start()).toEqual({ error: 'forbidden' });
    await database.sql(
      'update public.tenant_api_keys set revoked_at = now() where tenant_id = $1',
      tenant.id,
    );
    expect(await start()).toEqual({ error: 'api_key_invalid' });
  });

  it('does not begin a session that is over again', async () => {
    const session = sessionOf(await start());
    await database.rpc('complete_session', {
      p_session: session,
      p_reason: 'staff',
      p_writers: {},
      p_lost: [],
      p_force: true,
    });
    expect(await start()).toEqual({ error: 'session_ended' });
  });
});

describe('a tenant’s own backend, before and beside the start', () => {
  const as = (name: string, more: Record<string, unknown> = {}) =>
    database.rpc(name, {
      p_key_hash: sha256(tenant.apiKey),
      p_tenant: tenant.externalId,
      p_session: 'session-1',
      p_origin: null,
      ...more,
    }) as Promise<Record<string, unknown>>;
  const lookAs = (more: Record<string, unknown> = {}) =>
    as('look_for_tenant', { p_interview: null, ...more });
  const startAs = () =>
    as('start_for_tenant', {
      p_interview: null,
      p_candidate: null,
      p_origins: null,
      p_locale: null,
      p_consents: answers(),
    });
  const askAs = (more: Record<string, unknown> = {}) =>
    as('ask_for_tenant', { p_kind: 'human', p_note: 'Please call.', ...more });

  it('looks at what a link would show, and nothing changes', async () => {
    expect(await lookAs()).toEqual(await look());
    expect(await lookAs({ p_interview: 'nobody' })).toEqual({ error: 'not_found' });
    const [row] = await database.sql(
      'select count(*)::int as n from public.interview_sessions where tenant_id = $1',
      tenant.id,
    );
    expect(row).toEqual({ n: 0 });
  });

  it('looks at the interview of a session that it started, and sees that it goes on', async () => {
    const session = sessionOf(await startAs());
    expect(await lookAs({ p_interview: 'nobody' })).toMatchObject({ resumable: false });
    await database.rpc('call_connected', { p_call: await openCall(database, session) });
    expect(await lookAs()).toMatchObject({ resumable: true });
    await database.rpc('complete_session', {
      p_session: session,
      p_reason: 'completed',
      p_writers: {},
      p_lost: [],
      p_force: true,
    });
    expect(await lookAs()).toEqual({ error: 'session_ended' });
  });

  it('asks before its session is there and after, ten times a day', async () => {
    for (let index = 0; index < 10; index += 1) {
      expect(await askAs({ p_note: `Please call. ${index}` })).toEqual({ ok: true });
    }
    expect(await askAs()).toEqual({ error: 'rate_limited' });
    const session = sessionOf(await startAs());
    expect(await askAs({ p_note: 'I am still waiting.' })).toEqual({ ok: true });
    const [row] = await database.sql(
      'select count(*)::int as n from public.adjustments where session_id = $1',
      session,
    );
    expect(row).toEqual({ n: 11 });
  });

  it('keeps what was asked for a session that never came for a month', async () => {
    await askAs();
    await database.sql(
      `update public.adjustments set asked_at = now() - interval '31 days' where tenant_id = $1`,
      tenant.id,
    );
    await askAs({ p_session: 'session-2' });
    const rows = await database.sql(
      'select external_session from public.adjustments where tenant_id = $1',
      tenant.id,
    );
    expect(rows).toEqual([{ external_session: 'session-2' }]);
  });

  it('takes consents back', async () => {
    const withdraw = () => as('withdraw_for_tenant', { p_purposes: ['processing'] });
    expect(await withdraw()).toEqual({ error: 'not_found' });
    await startAs();
    expect(await withdraw()).toMatchObject({ ok: true, interview: 'not_begun' });
  });

  it.each(['look_for_tenant', 'ask_for_tenant', 'withdraw_for_tenant'])(
    '%s wants a key of the tenant for it, and a page of the tenant',
    async (name) => {
      const own = {
        look_for_tenant: { p_interview: null },
        ask_for_tenant: { p_kind: 'human', p_note: 'x' },
      }[name] ?? { p_purposes: ['processing'] };
      expect(await as(name, { ...own, p_key_hash: sha256('ik_x') })).toEqual({
        error: 'api_key_invalid',
      });
      expect(await as(name, { ...own, p_tenant: 'other' })).toEqual({ error: 'forbidden' });
      expect(await as(name, { ...own, p_origin: 'https://evil.example' })).toEqual({
        error: 'origin_not_allowed',
      });
      await database.sql(
        `update public.tenant_api_keys set scopes = '{transcripts:read}' where tenant_id = $1`,
        tenant.id,
      );
      expect(await as(name, own)).toEqual({ error: 'forbidden' });
    },
  );
});
