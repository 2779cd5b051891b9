import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../../tests/database.ts';
import { post, refused, settings } from '../../tests/functions.ts';
import { makeTenant, redeem, sessionOf, sha256, type Tenant } from '../../tests/world.ts';
import { Refusal } from '../_shared/refusal.ts';
import { invitationsHandler } from './handler.ts';

interface Reply {
  id: string | null;
  status: string;
  invitation_id?: string;
  token?: string;
  code?: string;
  message?: string;
}

let database: Database;
let tenant: Tenant;
let key: string;
const logged: unknown[] = [];
const log = (line: unknown) => logged.push(line);

beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  tenant = await makeTenant(database, 'northwind');
  key = await newKey(['invitations:write']);
});

/** A key as the tenant's owner makes one. */
async function newKey(scopes: string[]): Promise<string> {
  const [made] = await database.as(
    { user: tenant.owner },
    'select public.create_api_key($1, $2, $3) as result',
    tenant.id,
    'Applicant tracking',
    scopes,
  );
  return (made?.['result'] as { key: string }).key;
}
const batch = (...invitations: unknown[]) => ({ tenant_id: tenant.externalId, invitations });
const send = (body: unknown, bearer = key) =>
  invitationsHandler({ ...settings, rpc: database.rpc, log })(
    post(body, { authorization: `Bearer ${bearer}` }),
  );
async function invite(...invitations: unknown[]): Promise<Reply[]> {
  const reply = await send(batch(...invitations));
  expect(reply.status).toBe(200);
  return ((await reply.json()) as { invitations: Reply[] }).invitations;
}
const count = async () =>
  (
    await database.sql(
      'select count(*)::int as n from public.interview_invitations where tenant_id = $1',
      tenant.id,
    )
  )[0]?.['n'];

describe('invitations', () => {
  it('makes a link for each, told once, of which only the hash is kept', async () => {
    const people = Array.from({ length: 500 }, (_, index) => ({
      id: `applicant-${index}`,
      name: `Ada ${index}`,
      email: `ada${index}@example.test`,
    }));
    const made = await invite(...people);
    expect(made.map(({ id, status }) => [id, status])).toEqual(
      people.map(({ id }) => [id, 'created']),
    );
    expect(new Set(made.map(({ token }) => token)).size).toBe(500);
    sessionOf(await redeem(database, made[7]?.token ?? ''));
    const again = await invite(...people);
    expect(again.map(({ status, token }) => [status, token])).toEqual(
      people.map(() => ['exists', undefined]),
    );
    expect(again.map((one) => one.invitation_id)).toEqual(made.map((one) => one.invitation_id));
    expect(await count()).toBe(500);
    const [row] = await database.sql(
      'select * from public.interview_invitations where id = $1',
      made[0]?.invitation_id,
    );
    expect(row?.['token_hash']).toBe(sha256(made[0]?.token ?? ''));
    expect(JSON.stringify(row)).not.toContain(made[0]?.token);
  });

  it('makes one of each id, also of batches that come at the same moment', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => ({ id: `a${index}` }));
    const batches = await Promise.all([
      invite(...ids),
      invite(...ids.toReversed()),
      invite(...ids),
    ]);
    const created = batches.flat().filter(({ status }) => status === 'created');
    expect(created).toHaveLength(20);
    expect(await count()).toBe(20);
  });

  it('gives a new link for one that was lost, and the former one opens nothing', async () => {
    const [first] = await invite({ id: 'a' });
    const [second] = await invite({ id: 'a', resend: true });
    expect(second).toMatchObject({ status: 'resent', invitation_id: first?.invitation_id });
    expect(await redeem(database, first?.token ?? '')).toEqual({ error: 'invitation_invalid' });
    sessionOf(await redeem(database, second?.token ?? ''));
  });

  it('tells what is wrong with one and makes the others', async () => {
    const replies = await invite(
      { id: 'good', name: 'A\u0000na \ud800', note: 'x' },
      { id: 'no address', email: 'x' },
      { id: 'b', email: 'not an address' },
      { id: 'good' },
      { id: 'c', max_uses: 2, name: 'Ada' },
      { id: 'd', unknown: 1 },
      'nothing',
      { id: 'e', max_uses: 1000, max_minutes: 60, expires_in_s: 3600 },
    );
    expect(replies.map(({ id, status, code }) => [id, status, code])).toEqual([
      ['good', 'created', undefined],
      [null, 'refused', 'bad_request'],
      ['b', 'refused', 'bad_request'],
      ['good', 'refused', 'bad_request'],
      ['c', 'refused', 'bad_request'],
      ['d', 'refused', 'bad_request'],
      [null, 'refused', 'bad_request'],
      ['e', 'created', undefined],
    ]);
    expect(replies[2]?.message).toContain('email');
    expect(JSON.stringify(replies)).not.toContain('not an address');
    expect(await count()).toBe(2);
    const [row] = await database.sql(
      `select candidate_name from public.interview_invitations where external_id = 'good' and tenant_id = $1`,
      tenant.id,
    );
    expect(row?.['candidate_name']).toBe('A\uFFFDna \uFFFD');
  });

  it('tells why a link can not be sent again', async () => {
    const [made] = await invite({ id: 'a' });
    const args = { p_invitation: made?.invitation_id };
    await database.rpcAs({ user: tenant.owner }, 'revoke_invitation', args);
    const [again] = await invite({ id: 'a', resend: true });
    expect(again).toMatchObject({ status: 'refused', code: 'invitation_revoked' });
  });

  it('is for keys of the tenant that may invite', async () => {
    const body = batch({ id: 'a' });
    await refused(await send(body, tenant.apiKey), 403, 'forbidden');
    await refused(await send(body, 'ik_unknown'), 401, 'api_key_invalid');
    await refused(await send({ ...body, tenant_id: 'other' }), 403, 'forbidden');
    await refused(await send(body, 'sb_publishable_x'), 401, 'token_missing');
    const other = await makeTenant(database, 'contoso');
    await refused(await send({ ...body, interview_id: other.interview }), 404, 'not_found');
    await refused(await send({ ...body, interview_id: 'none' }), 404, 'not_found');
    expect(await count()).toBe(0);
    expect((await send({ ...body, interview_id: 'designer' })).status).toBe(200);
  });

  it('offers no plan that was archived', async () => {
    const args = { p_interview: tenant.interview };
    await database.rpcAs({ user: tenant.owner }, 'archive_plan', args);
    await refused(await send(batch({ id: 'a' })), 422, 'unsupported');
  });

  it.each([
    ['no invitations', []],
    ['too many', Array.from({ length: 501 }, (_, index) => ({ id: `a${index}` }))],
    ['no list', 'all'],
  ])('refuses %s', async (_what, invitations) => {
    const body = { tenant_id: tenant.externalId, invitations };
    await refused(await send(body), 400, 'bad_request');
  });

  it('promises nothing while the database does not answer', async () => {
    const down = invitationsHandler({
      ...settings,
      log: () => undefined,
      rpc: () => Promise.reject(new Refusal('storage_unavailable')),
    });
    const reply = await down(post(batch({ id: 'a' }), { authorization: `Bearer ${key}` }));
    expect(reply.headers.get('retry-after')).toBe('5');
    await refused(reply, 503, 'storage_unavailable');
  });
});

describe('keys of a tenant', () => {
  const asOwner = (name: string, args: Record<string, unknown>) =>
    database.rpcAs({ user: tenant.owner }, name, args) as Promise<Record<string, string>>;
  const idOf = async (of: string) =>
    (
      await database.sql('select id from public.tenant_api_keys where key_hash = $1', sha256(of))
    )[0]?.['id'];
  const works = async (bearer: string) => (await send(batch({ id: 'a' }), bearer)).status;

  it('are kept as hashes and shown once', async () => {
    expect(key).toMatch(/^ik_[A-Za-z0-9_-]{43}$/);
    const rows = await database.sql('select * from public.tenant_api_keys');
    expect(JSON.stringify(rows)).not.toContain(key);
  });

  it('overlap while one takes the place of another', async () => {
    const made = await asOwner('rotate_api_key', { p_key: await idOf(key) });
    expect([await works(key), await works(made['key'] ?? '')]).toEqual([200, 200]);
    await database.sql(
      `update public.tenant_api_keys set expires_at = now() where id = $1`,
      await idOf(key),
    );
    expect([await works(key), await works(made['key'] ?? '')]).toEqual([401, 200]);
    expect(await asOwner('rotate_api_key', { p_key: await idOf(key) })).toEqual({
      error: 'api_key_invalid',
    });
    const scopes = await database.sql(
      'select scopes, expires_at from public.tenant_api_keys where id = $1',
      made['id'],
    );
    expect(scopes).toEqual([{ scopes: ['invitations:write'], expires_at: null }]);
  });

  it('end at once when they are revoked', async () => {
    expect(await asOwner('revoke_api_key', { p_key: await idOf(key) })).toEqual({ ok: true });
    expect(await works(key)).toBe(401);
  });

  it.each([
    [{ p_name: '' }, 'name'],
    [{ p_name: 'x'.repeat(201) }, 'name'],
    [{ p_scopes: '{}' }, 'scopes'],
    [{ p_scopes: '{everything}' }, 'scopes'],
    [{ p_expires_in_s: 1 }, 'expires_in_s'],
  ])('are not made with %o', async (wrong, field) => {
    const args = { p_tenant: tenant.id, p_name: 'key', p_scopes: '{sessions:start}', ...wrong };
    expect(await asOwner('create_api_key', args)).toEqual({ error: 'bad_request', field });
  });

  it('are twenty at the most, and a matter of owners', async () => {
    const args = { p_tenant: tenant.id, p_name: 'key', p_scopes: '{sessions:start}' };
    const ids = { p_key: await idOf(key) };
    const other = await makeTenant(database, 'contoso');
    for (const user of [tenant.recruiter, tenant.reviewer, other.owner]) {
      const forbidden = { error: 'forbidden' };
      expect(await database.rpcAs({ user }, 'create_api_key', args)).toEqual(forbidden);
      expect(await database.rpcAs({ user }, 'rotate_api_key', ids)).toEqual(forbidden);
      expect(await database.rpcAs({ user }, 'revoke_api_key', ids)).toEqual(forbidden);
    }
    // The tenant has two already.
    for (let made = 2; made < 20; made += 1) {
      expect(await asOwner('create_api_key', args)).toHaveProperty('key');
    }
    expect(await asOwner('create_api_key', args)).toEqual({ error: 'rate_limited' });
  });
});

it('had no fault of its own in all of these', () => {
  expect(logged).toEqual([]);
});
