import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from './database.ts';
import {
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
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  tenant = await makeTenant(database, 'northwind');
});

interface Made {
  id: string;
  token: string;
  error?: string;
}
const as = (user: string, name: string, args: Record<string, unknown>) =>
  database.rpcAs({ user }, name, args) as Promise<Record<string, unknown>>;
const make = (more: Record<string, unknown> = {}) =>
  as(tenant.recruiter, 'create_invitation', {
    p_interview: tenant.interview,
    ...more,
  }) as unknown as Promise<Made>;
const resend = (id: string, more: Record<string, unknown> = {}) =>
  as(tenant.recruiter, 'resend_invitation', {
    p_invitation: id,
    ...more,
  }) as unknown as Promise<Made>;
const row = async (table: string, id: string) =>
  (await database.sql(`select * from public.${table} where id = $1`, id))[0];
const ada = { p_name: 'Ada Example', p_email: 'ada@example.test' };

describe('an invitation to somebody', () => {
  it('gives its candidate their name, whatever device they come on first', async () => {
    const { id, token } = await make(ada);
    const first = sessionOf(await redeem(database, token));
    const second = sessionOf(await redeem(database, token));
    expect(second).not.toBe(first);
    const [candidate] = await database.sql(
      `select c.name, c.email from public.candidates c
       join public.interview_sessions s on s.candidate_id = c.id where s.id = $1`,
      second,
    );
    expect(candidate).toEqual({ name: 'Ada Example', email: 'ada@example.test' });
    expect(await row('interview_invitations', id)).toMatchObject({ resends: 0, uses: 1 });
  });

  it.each([
    [{ p_email: 'ada' }, 'email'],
    [{ p_email: 'a@b c' }, 'email'],
    [{ p_email: `${'x'.repeat(320)}@example.test` }, 'email'],
    [{ p_name: '' }, 'name'],
    [{ p_name: 'x'.repeat(201) }, 'name'],
    [{ p_name: 'Ada', p_max_uses: 2 }, 'name'],
    [{ p_note: 'x'.repeat(501) }, 'note'],
    [{ p_expires_in_s: 59 }, 'expires_in_s'],
    [{ p_max_minutes: 0 }, 'max_minutes'],
    [{ p_max_uses: 1001 }, 'max_uses'],
  ])('with %o is refused, and the field is told', async (more, field) => {
    expect(await make(more)).toEqual({ error: 'bad_request', field });
  });
});

describe('resend_invitation', () => {
  it('gives a new link, kills the old one, and is written down', async () => {
    const { id, token } = await make({ p_expires_in_s: 60 });
    const again = await resend(id, { p_expires_in_s: 7200 });
    expect(again).toMatchObject({ id });
    expect(await redeem(database, token)).toEqual({ error: 'invitation_invalid' });
    sessionOf(await redeem(database, again.token));
    const kept = await row('interview_invitations', id);
    expect(kept).toMatchObject({ resends: 1, resent_by: tenant.recruiter });
    expect(kept?.['token_hash']).toBe(sha256(again.token));
    expect(JSON.stringify(kept)).not.toContain(again.token);
    const left = Number(kept?.['expires_at']) - Date.now();
    expect(left).toBeGreaterThan(7_100_000);
  });

  it('revives one that expired', async () => {
    const { id } = await make();
    await database.sql(
      `update public.interview_invitations set expires_at = now() - interval '1 day' where id = $1`,
      id,
    );
    sessionOf(await redeem(database, (await resend(id)).token));
  });

  it('lets the interview that was begun go on with the new link, on another device', async () => {
    const { id, token } = await make();
    const session = sessionOf(await redeem(database, token));
    await database.rpc('call_connected', { p_call: await openCall(database, session) });
    const again = await resend(id);
    const key = newKey();
    expect(sessionOf(await redeem(database, again.token, { key }))).toBe(session);
    // Once: the next device is another one's.
    expect(await redeem(database, again.token)).toMatchObject({ error: 'invitation_in_use' });
    const [event] = await database.sql(
      `select detail from public.integrity_events where session_id = $1 and kind = 'device_allowed'`,
      session,
    );
    expect(event?.['detail']).toEqual({ by: tenant.recruiter, resent: true });
  });

  it('is refused where it would lock somebody out, or leads nowhere', async () => {
    const several = await invite(database, tenant, { uses: 2 });
    const session = sessionOf(await redeem(database, several.token));
    expect(await resend(several.id)).toEqual({ error: 'invitation_in_use' });
    await database.sql(
      `update public.interview_sessions set status = 'cancelled', ended_at = now() where id = $1`,
      session,
    );
    expect(await resend(several.id)).toHaveProperty('token');
    const { id, token } = await make();
    const over = sessionOf(await redeem(database, token));
    await database.sql(
      `update public.interview_sessions set status = 'abandoned', end_reason = 'absent', ended_at = now() where id = $1`,
      over,
    );
    expect(await resend(id)).toEqual({ error: 'invitation_completed' });
    const revoked = await make();
    await as(tenant.recruiter, 'revoke_invitation', { p_invitation: revoked.id });
    expect(await resend(revoked.id)).toEqual({ error: 'invitation_revoked' });
    expect(await resend((await make()).id, { p_expires_in_s: 1 })).toMatchObject({
      error: 'bad_request',
    });
  });

  it('and a redeem at the same moment leave one of the two links alive', async () => {
    const { id, token } = await make();
    const [again, redeemed] = await Promise.all([resend(id), redeem(database, token)]);
    const after = await redeem(database, token, { key: newKey() });
    expect(after).toEqual({ error: 'invitation_invalid' });
    expect('session' in redeemed || redeemed['error'] === 'invitation_invalid').toBe(true);
    expect(await redeem(database, again.token)).toHaveProperty('session');
  });

  it('and erase_invitation are refused to others', async () => {
    const { id } = await make();
    const other = await makeTenant(database, 'contoso');
    for (const user of [other.owner, tenant.reviewer, await makeUser(database)]) {
      for (const name of ['resend_invitation', 'erase_invitation']) {
        expect(await as(user, name, { p_invitation: id })).toEqual({ error: 'forbidden' });
      }
    }
    const erased = await as(tenant.recruiter, 'erase_invitation', { p_invitation: id });
    expect(erased).toEqual({ error: 'forbidden' });
  });
});

it('revoke_invitation writes down who did it first', async () => {
  const { id } = await make();
  await as(tenant.recruiter, 'revoke_invitation', { p_invitation: id });
  await as(tenant.owner, 'revoke_invitation', { p_invitation: id });
  expect(await row('interview_invitations', id)).toMatchObject({ revoked_by: tenant.recruiter });
});

describe('what invitations know of people', () => {
  it('is given out and forgotten with them, also of invitations that they never used', async () => {
    const unused = await make({ ...ada, p_email: 'ADA@example.test' });
    const { id, token } = await make(ada);
    const neighbour = await make({ p_email: 'grace@example.test' });
    const session = await row('interview_sessions', sessionOf(await redeem(database, token)));
    const candidate = { p_candidate: session?.['candidate_id'] };
    const given = await as(tenant.owner, 'export_candidate', candidate);
    const invitations = given['invitations'] as { id: string; candidate_name: string }[];
    expect(invitations.map((one) => one.id).sort()).toEqual([id, unused.id].sort());
    expect(JSON.stringify(given)).not.toContain(sha256(token));
    await as(tenant.owner, 'erase_candidate', candidate);
    for (const gone of [id, unused.id]) {
      expect(await row('interview_invitations', gone)).toBeUndefined();
    }
    expect(await row('interview_invitations', neighbour.id)).toBeDefined();
  });

  it('is forgotten of whoever never came', async () => {
    const { id, token } = await make(ada);
    const erase = (invitation: string) =>
      as(tenant.owner, 'erase_invitation', { p_invitation: invitation });
    expect(await erase(id)).toEqual({ erased: true });
    expect(await redeem(database, token)).toEqual({ error: 'invitation_invalid' });
    const came = await make(ada);
    sessionOf(await redeem(database, came.token));
    expect(await erase(came.id)).toEqual({ erased: false });
  });

  it('ends with the term of records where nobody came, but not under a hold', async () => {
    const { id } = await make(ada);
    const held = await make({ p_email: 'grace@example.test' });
    const fresh = await make();
    await database.sql(
      `update public.interview_invitations set expires_at = now() - interval '200 days' where id in ($1, $2)`,
      id,
      held.id,
    );
    const [grace] = await database.sql(
      `insert into public.candidates (tenant_id, email) values ($1, 'Grace@example.test') returning id`,
      tenant.id,
    );
    await as(tenant.owner, 'place_hold', { p_candidate: grace?.['id'], p_reason: 'A complaint.' });
    expect(await as(tenant.owner, 'erase_invitation', { p_invitation: held.id })).toEqual({
      erased: false,
    });
    const period = { p_tenant: tenant.id, p_class: 'record', p_days: 190 };
    await as(tenant.owner, 'set_retention', period);
    await database.rpc('retain', { p_tenant: tenant.id, p_class: 'record' });
    expect(await row('interview_invitations', id)).toBeUndefined();
    expect(await row('interview_invitations', held.id)).toBeDefined();
    expect(await row('interview_invitations', fresh.id)).toBeDefined();
  });
});
