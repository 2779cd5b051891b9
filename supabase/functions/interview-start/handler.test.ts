import { LookReply, StartReply, SessionClaims, WithdrawReply } from '@interview/protocol';
import { decodeJwt, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, seed, type Database } from '../../tests/database.ts';
import { flyApp, flyToken, LocalFly } from '../../tests/fly-machines.ts';
import { post, refused, settings } from '../../tests/functions.ts';
import {
  answers,
  invite,
  makeTenant,
  makeUser,
  newKey,
  openCall,
  type Tenant,
} from '../../tests/world.ts';
import { Refusal } from '../_shared/refusal.ts';
import { sharedSecretUsers } from '../_shared/user-token.ts';
import { startHandler } from './handler.ts';
import { SessionMachines } from './session-machine.ts';

const authSecret = 'the secret that signs the tokens of accounts';
const now = Date.parse('2026-11-22T12:00:00Z');
let database: Database;
let tenant: Tenant;
let invitation: string;
let handle: (request: Request) => Promise<Response>;
const logged: unknown[] = [];

beforeAll(async () => {
  database = await openDatabase();
  tenant = await makeTenant(database, 'northwind');
  handle = startHandler({
    ...settings,
    rpc: database.rpc,
    readUser: sharedSecretUsers(authSecret),
    now: () => now,
    log: (line) => logged.push(line),
  });
}, 60_000);
afterAll(() => database.close());
beforeEach(async () => {
  invitation = (await invite(database, tenant)).token;
});

const look = (more: Record<string, unknown> = {}) => ({
  step: 'look',
  invitation,
  device_key: newKey(),
  ...more,
});
const start = (more: Record<string, unknown> = {}) => ({
  ...look(),
  step: 'start',
  consents: answers(),
  mode: 'voice',
  locale: 'en',
  ...more,
});
const user = (id: string) =>
  new SignJWT({ role: 'authenticated' })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(id)
    .setAudience('authenticated')
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(authSecret));

const backend = (body: unknown, key = tenant.apiKey) =>
  handle(post(body, { authorization: `Bearer ${key}` }));

describe('look', () => {
  it('tells what the link is about', async () => {
    const reply = await handle(post(look(), { origin: 'https://jobs.example' }));
    expect(reply.status).toBe(200);
    expect(LookReply.parse(await reply.json())).toMatchObject({
      tenant: { name: 'northwind' },
      inviter: 'Dana Reyes',
      resumable: false,
    });
  });

  it.each(['inv_short', `inv_${'x'.repeat(43)}`, 'x'.repeat(43), 'inv_ä', ''])(
    'answers the unknown and the malformed invitation %j alike',
    async (wrong) => {
      await refused(await handle(post(look({ invitation: wrong }))), 404, 'invitation_invalid');
    },
  );

  it('refuses pages of other sites', async () => {
    const reply = await handle(post(look(), { origin: 'https://evil.example' }));
    await refused(reply, 403, 'origin_not_allowed');
  });
});

describe('ask', () => {
  it('goes with the account’s own session, on whatever device it is asked', async () => {
    const authorization = `Bearer ${await user(await makeUser(database))}`;
    const begun = StartReply.parse(await (await handle(post(start(), { authorization }))).json());
    const body = { ...look(), step: 'ask', kind: 'human', note: 'From my phone.' };
    expect((await handle(post(body, { authorization }))).status).toBe(200);
    const [row] = await database.sql(
      'select session_id from public.adjustments order by id desc limit 1',
    );
    expect(row).toEqual({ session_id: begun.session.id });
  });

  it('writes the request down, whatever characters it is made of', async () => {
    const body = { ...look(), step: 'ask', kind: 'human', note: 'Call me\u0000 \ud800 ' };
    expect(await (await handle(post(body))).json()).toEqual({ ok: true });
    const [row] = await database.sql(
      'select note from public.adjustments order by id desc limit 1',
    );
    expect(row).toEqual({ note: 'Call me\uFFFD \uFFFD ' });
  });
});

describe('start', () => {
  it('gives a session, a token for it and the proxy', async () => {
    const reply = await handle(post(start(), { origin: 'https://jobs.example' }));
    const body = StartReply.parse(await reply.json());
    expect(body).toMatchObject({
      session: { status: 'created', phase: 'opening', resumable: false },
      expires_at: now / 1000 + 600,
      proxy: { ws_url: 'wss://proxy.example/ws', http_url: 'https://proxy.example' },
      transcript: [],
    });
    expect(SessionClaims.parse(decodeJwt(body.token))).toMatchObject({
      sid: body.session.id,
      tid: tenant.id,
      org: ['https://jobs.example', 'https://careers.example'],
    });
  });

  it('goes on with the same device key and refuses another', async () => {
    const mine = start();
    const first = StartReply.parse(await (await handle(post(mine))).json());
    await database.rpc('call_connected', { p_call: await openCall(database, first.session.id) });
    const again = StartReply.parse(await (await handle(post(mine))).json());
    expect(again.session).toMatchObject({
      id: first.session.id,
      resumable: true,
      status: 'active',
    });
    const message = await refused(await handle(post(start())), 409, 'invitation_in_use');
    expect(message).toContain('Dana Reyes');
  });

  it('asks for what is missing', async () => {
    await refused(await handle(post(start({ consents: [] }))), 422, 'consent_required');
    const old = answers().map((answer) => ({ ...answer, version: 'old\u0000' }));
    await refused(await handle(post(start({ consents: old }))), 409, 'consent_outdated');
  });

  it('binds the account of a user token, and lets it in elsewhere', async () => {
    const authorization = `Bearer ${await user(await makeUser(database))}`;
    const first = StartReply.parse(await (await handle(post(start(), { authorization }))).json());
    await database.rpc('call_connected', { p_call: await openCall(database, first.session.id) });
    const elsewhere = StartReply.parse(
      await (await handle(post(start(), { authorization }))).json(),
    );
    expect(elsewhere.session.id).toBe(first.session.id);
  });

  it('takes a publishable key in the Authorization header for none', async () => {
    const anon = await new SignJWT({ role: 'anon' })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode('x'.repeat(32)));
    for (const key of ['sb_publishable_x', anon]) {
      const reply = await handle(post(look(), { authorization: `Bearer ${key}` }));
      expect(reply.status).toBe(200);
    }
  });

  it.each([
    ['a forged user token', async () => `Bearer ${(await user(tenant.owner)).slice(0, -4)}AAAA`],
    ['an unsigned one', () => Promise.resolve('Bearer eyJhbGciOiJub25lIn0.eyJyb2xlIjoieCJ9.')],
    ['no token at all', () => Promise.resolve('Bearer what')],
    ['another scheme', () => Promise.resolve('Basic eA==')],
  ])('refuses %s', async (_, make) => {
    const reply = await handle(post(start(), { authorization: await make() }));
    await refused(reply, 401, 'token_invalid');
  });

  it.each([
    ['an array', []],
    ['a number', 7],
    ['null', null],
    ['an unknown step', { step: 'leap' }],
    ['a step that is an object', { step: {} }],
    ['no invitation', { step: 'look' }],
    ['an invitation that is an object', { step: 'look', invitation: {} }],
  ])('refuses %s', async (_, body) => {
    await refused(await handle(post(body)), 400, 'bad_request');
  });

  it.each([
    [{ device_key: 'short' }, 'device_key'],
    [{ consents: 'all' }, 'consents'],
    [{ consents: [{ purpose: 'processing' }] }, 'consents.0.version'],
    [{ consents: Array.from({ length: 17 }, () => answers()[0]) }, 'consents'],
    [{ mode: 'video' }, 'mode'],
    [{ locale: 'x'.repeat(60) }, 'locale'],
  ])('says which field of %o is wrong and repeats nothing', async (wrong, field) => {
    const message = await refused(await handle(post(start(wrong))), 400, 'bad_request');
    expect(message).toContain(field);
    expect(message).not.toContain('short');
  });

  it('ignores fields that it does not know, however they are called', async () => {
    const body = `{"__proto__":{"polluted":1},"constructor":1,${JSON.stringify(look()).slice(1)}`;
    expect((await handle(post(body))).status).toBe(200);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('the same request, sent again', () => {
  it.each(['start', 'backend'])('is one session, however many come at once: %s', async (way) => {
    const mine = start();
    const begin = () =>
      way === 'start'
        ? handle(post(mine))
        : backend({ session_id: 'at-once', tenant_id: tenant.externalId, consents: answers() });
    const replies = await Promise.all(Array.from({ length: 20 }, begin));
    const sessions = await Promise.all(
      replies.map(async (reply) => StartReply.parse(await reply.json()).session.id),
    );
    expect(new Set(sessions).size).toBe(1);
  });
});

describe('withdraw', () => {
  const withdraw = { step: 'withdraw', purposes: ['other_roles'] };
  const begin = async () => {
    const body = start();
    return { body, reply: StartReply.parse(await (await handle(post(body))).json()) };
  };
  const later = (ms: number) =>
    startHandler({
      ...settings,
      rpc: database.rpc,
      readUser: sharedSecretUsers(authSecret),
      now: () => now + ms,
      log: (line) => logged.push(line),
    });

  it('takes the session’s token, also a day after it ended', async () => {
    const { reply } = await begin();
    const request = () => post(withdraw, { authorization: `Bearer ${reply.token}` });
    expect(WithdrawReply.parse(await (await handle(request())).json())).toEqual({
      ok: true,
      interview: 'not_begun',
      consents: [{ purpose: 'other_roles', granted_at: null, withdrawn_at: null }],
    });
    expect((await later(24 * 3_600_000)(request())).status).toBe(200);
    await refused(await later(25 * 3_600_000)(request()), 401, 'token_expired');
  });

  it('takes no token that is forged, or brought by a page of another site', async () => {
    const { reply } = await begin();
    const authorization = `Bearer ${reply.token.slice(0, -4)}AAAA`;
    await refused(await handle(post(withdraw, { authorization })), 401, 'token_invalid');
    const origin = 'https://evil.example';
    const elsewhere = post(withdraw, { authorization: `Bearer ${reply.token}`, origin });
    await refused(await handle(elsewhere), 403, 'origin_not_allowed');
  });

  it('takes the link on the device that began, and on no other', async () => {
    const { body } = await begin();
    const holder = { ...withdraw, invitation: body['invitation'], device_key: body['device_key'] };
    expect((await handle(post(holder))).status).toBe(200);
    await refused(await handle(post({ ...holder, device_key: newKey() })), 404, 'not_found');
  });

  it('takes a tenant’s key for a session of its own', async () => {
    const ids = { session_id: 'withdrawn', tenant_id: tenant.externalId };
    await refused(await backend({ ...withdraw, ...ids }), 404, 'not_found');
    await backend({ ...ids, consents: answers() });
    const reply = await backend({ ...withdraw, ...ids, purposes: ['processing'] });
    expect(WithdrawReply.parse(await reply.json())).toMatchObject({
      interview: 'not_begun',
      consents: [{ purpose: 'processing', withdrawn_at: expect.any(String) as string }],
    });
  });

  it.each([[[]], [['A B']], ['processing'], [undefined], [Array.from({ length: 17 }, () => 'a')]])(
    'refuses the purposes %o',
    async (purposes) => {
      const { reply } = await begin();
      const authorization = `Bearer ${reply.token}`;
      const wrong = post({ ...withdraw, purposes }, { authorization });
      expect(await refused(await handle(wrong), 400, 'bad_request')).toContain('purposes');
    },
  );
});

describe('a backend', () => {
  const ids = () => ({ session_id: crypto.randomUUID(), tenant_id: tenant.externalId });

  it('looks with its key, and sees what the link shows', async () => {
    const byLink = LookReply.parse(await (await handle(post(look()))).json());
    const reply = await backend({ ...ids(), step: 'look' });
    expect(LookReply.parse(await reply.json())).toEqual(byLink);
  });

  it('asks with its key', async () => {
    const body = { ...ids(), step: 'ask', kind: 'adjustment', note: 'More\u0000time' };
    expect(await (await backend(body)).json()).toEqual({ ok: true });
    const [row] = await database.sql(
      'select note from public.adjustments order by id desc limit 1',
    );
    expect(row).toEqual({ note: 'More\uFFFDtime' });
  });

  it('may not skip what is required of whoever comes by a link', async () => {
    const body = ids();
    await refused(await backend(body), 422, 'consent_required');
    await refused(await backend({ ...body, consents: answers(false) }), 422, 'consent_required');
    const old = answers().map((answer) => ({ ...answer, text_hash: '0'.repeat(64) }));
    await refused(await backend({ ...body, consents: old }), 409, 'consent_outdated');
    await refused(await backend({ ...body, consents: {} }), 400, 'bad_request');
    expect((await backend({ ...body, consents: answers() })).status).toBe(200);
    // What was given is not asked again.
    expect((await backend(body)).status).toBe(200);
  });

  it('hears which step there is', async () => {
    for (const step of ['leap', '', 1, null]) {
      await refused(await backend({ ...ids(), step }), 400, 'bad_request');
    }
  });
});

describe('backend start', () => {
  it('gives a token for ids of the caller’s own, the same session each time', async () => {
    const body = { session_id: 'test-session', tenant_id: tenant.externalId, consents: answers() };
    const first = StartReply.parse(await (await backend(body)).json());
    const second = StartReply.parse(await (await backend(body)).json());
    expect(second.session.id).toBe(first.session.id);
    expect(second.token).not.toBe(first.token);
  });

  it('is what the documentation shows on the seeded stack', async () => {
    await database.undone(async (connection) => {
      await connection.execute(seed());
      const seeded = startHandler({
        ...settings,
        readUser: () => Promise.reject(new Refusal('token_invalid')),
        now: () => now,
        log: () => undefined,
        rpc: async (name, args) => {
          const keys = Object.keys(args).map((key, index) => `${key} => $${index + 1}`);
          const values = Object.values(args).map((value) =>
            typeof value === 'object' && value !== null ? JSON.stringify(value) : value,
          );
          const rows = await connection.query(
            `select public.${name}(${keys.join()}) as result`,
            values,
          );
          return rows[0]?.['result'];
        },
      });
      const reply = await seeded(
        post(
          { session_id: 'test-session', tenant_id: 'test-tenant' },
          { authorization: 'Bearer ik_local_demo_key_0000000000000000000000000000' },
        ),
      );
      expect(StartReply.parse(await reply.json()).session.interview.title).toBe('System check');
    });
  });

  it('narrows the origins of the token', async () => {
    const reply = await backend({
      session_id: 's2',
      tenant_id: tenant.externalId,
      consents: answers(),
      origins: ['https://careers.example'],
      candidate: { id: 'c', name: 'A\u0000na', email: 'ana@example.test' },
    });
    const { token } = StartReply.parse(await reply.json());
    expect(decodeJwt(token)['org']).toEqual(['https://careers.example']);
  });

  it('refuses what is not allowed', async () => {
    const body = { session_id: 's3', tenant_id: tenant.externalId };
    await refused(await backend(body, 'ik_unknown'), 401, 'api_key_invalid');
    await refused(await backend({ ...body, tenant_id: 'other' }), 403, 'forbidden');
    await refused(await backend({ ...body, session_id: '../x' }), 400, 'bad_request');
    await refused(await backend({ ...body, interview_id: 'none' }), 404, 'not_found');
    await refused(
      await backend({ ...body, origins: ['https://evil.example'] }),
      403,
      'origin_not_allowed',
    );
    await refused(await handle(post(body)), 401, 'token_missing');
  });
});

it('says so when the database does not answer, and promises nothing', async () => {
  const down = startHandler({
    ...settings,
    rpc: () => Promise.reject(new Refusal('storage_unavailable')),
    readUser: sharedSecretUsers(authSecret),
    now: () => now,
    log: () => undefined,
  });
  const reply = await down(post(start()));
  expect(reply.headers.get('retry-after')).toBe('5');
  await refused(reply, 503, 'storage_unavailable');
});

it('had no fault of its own in all of these', () => {
  expect(logged).toEqual([]);
});

describe('a session with a machine of its own', () => {
  let fly: LocalFly;
  const withMachines = () => {
    const machines = new SessionMachines(
      {
        apiUrl: fly.url,
        token: flyToken,
        app: flyApp,
        image: 'registry.fly.io/interview-sdp-proxy:v1',
        regions: ['mia'],
        cpus: 1,
        memoryMb: 512,
        environment: {},
      },
      { log: (line) => logged.push(line), pause: () => Promise.resolve() },
    );
    return startHandler({
      ...settings,
      rpc: database.rpc,
      readUser: sharedSecretUsers(authSecret),
      machineFor: (session) => machines.machineFor(session),
      now: () => now,
      log: (line) => logged.push(line),
    });
  };
  const insOf = async (reply: Response) =>
    SessionClaims.parse(decodeJwt(StartReply.parse(await reply.json()).token)).ins;
  beforeEach(async () => {
    fly = new LocalFly();
    await fly.listen();
  });
  afterEach(() => fly.close());

  it('has it named in its token, the same whenever it starts again', async () => {
    const body = start();
    const id = await insOf(await withMachines()(post(body)));
    expect(id).toBe(fly.alive[0]?.id);
    expect(await insOf(await withMachines()(post(body)))).toBe(id);
    expect(fly.machines).toHaveLength(1);
    expect(await insOf(await handle(post(body)))).toBeUndefined();
  });

  it('gets a new one when that is gone', async () => {
    const body = start();
    await withMachines()(post(body));
    for (const machine of fly.machines) machine.state = 'destroyed';
    expect(await insOf(await withMachines()(post(body)))).toBe(fly.alive[0]?.id);
  });

  it('is told to wait where there is none, and begins later with the same consent', async () => {
    fly.limit = 0;
    const body = start();
    const reply = await withMachines()(post(body));
    expect(reply.headers.get('retry-after')).toBe('60');
    await refused(reply, 503, 'capacity');
    fly.limit = 1;
    expect(await insOf(await withMachines()(post(body)))).toBe(fly.alive[0]?.id);
  });

  it('needs none once it is ending: any proxy takes what is left', async () => {
    const body = start();
    const { session } = StartReply.parse(await (await handle(post(body))).json());
    await database.sql(
      `update public.interview_sessions set status = 'ending', ending_at = now() where id = $1`,
      session.id,
    );
    expect(await insOf(await withMachines()(post(body)))).toBeUndefined();
    expect(fly.requests).toEqual([]);
  });

  it('makes none for an invitation that is refused', async () => {
    await refused(await withMachines()(post(start({ consents: [] }))), 422, 'consent_required');
    expect(fly.requests).toEqual([]);
  });
});
