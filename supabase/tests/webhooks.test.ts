import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { WebhookEvent, WebhookType } from '@interview/protocol';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Rpc } from '../functions/_shared/database.ts';
import { Refusal } from '../functions/_shared/refusal.ts';
import { processorHandler } from '../functions/transcript-processor/handler.ts';
import { openDatabase, type Database } from './database.ts';
import { post, settings } from './functions.ts';
import {
  deliver,
  makeTenant,
  newWriter,
  openCall,
  row,
  startSession,
  type Tenant,
} from './world.ts';

interface Received {
  headers: Record<string, string>;
  body: string;
}

let database: Database;
let tenant: Tenant;
let url: string;
let answer: number;
let received: Received[];
const receiver = http.createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
  request.on('end', () => {
    received.push({ headers: request.headers as Record<string, string>, body });
    response.writeHead(answer).end();
  });
});

beforeAll(async () => {
  database = await openDatabase();
  await new Promise<void>((listening) => receiver.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
});
afterAll(async () => {
  receiver.close();
  await database.close();
});
beforeEach(async () => {
  await database.sql('delete from public.webhook_endpoints');
  tenant = await makeTenant(database, 'northwind');
  answer = 204;
  received = [];
});

const asOwner = (name: string, args: Record<string, unknown>) =>
  database.rpcAs({ user: tenant.owner }, name, args) as Promise<Record<string, string>>;
/** Arrays go to Postgres as its own literals. */
const create = (types: string[] = WebhookType.options, address = url, of = tenant) =>
  database.as(
    { user: of.owner },
    'select public.create_webhook($1, $2, $3) as result',
    of.id,
    address,
    types,
  ) as Promise<{ result: { id: string; secret: string } }[]>;
async function endpoint(types?: string[]): Promise<{ id: string; secret: string }> {
  const [made] = await create(types);
  if (made?.result.secret === undefined) throw new Error(JSON.stringify(made));
  return made.result;
}
/** Works off all that is due. */
async function tick(rpc: Rpc = database.rpc, local = true): Promise<unknown> {
  const log = (line: unknown) => expect(line).toBeUndefined();
  const handle = processorHandler({ ...settings, local, rpc, now: Date.now, log });
  return (await handle(post({ action: 'tick' }, { apikey: 'sb_secret_0123456789' }))).json();
}
const deliveries = () =>
  database.as(
    { user: tenant.owner },
    'select * from public.webhook_deliveries order by created_at, type',
  );
const end = (session: string) =>
  database.rpc('complete_session', {
    p_session: session,
    p_reason: 'completed',
    p_writers: {},
    p_lost: [],
    p_force: true,
  });
/** What came, checked with the library that receivers use. */
const events = (secret: string) =>
  received.map(({ headers, body }) =>
    WebhookEvent.parse(new Webhook(secret).verify(body, headers)),
  );
/** Makes what waits due at once. */
const hurry = () =>
  database.sql(`update public.jobs set run_at = now() where kind = 'deliver_webhook'`);

describe('an endpoint', () => {
  it('is told of a session’s end, its report and what happened in it, in ids', async () => {
    const { secret } = await endpoint();
    const session = await startSession(database, tenant);
    const call = await openCall(database, session);
    await database.rpc('call_connected', { p_call: call });
    const writer = newWriter();
    await deliver(database, session, writer, [row(writer, 1, call, 'a', { text: 'CANARY' })]);
    await database.rpc('record_event', {
      p_session: session,
      p_call: call,
      p_kind: 'tampered',
      p_detail: { said: 'CANARY' },
    });
    await end(session);
    await tick();
    await tick();
    const told = events(secret);
    expect(told.map(({ type }) => type).sort()).toEqual([
      'integrity.event',
      'report.ready',
      'session.completed',
    ]);
    for (const { data } of told)
      expect(data).toMatchObject({ session_id: session, tenant_id: tenant.id });
    expect(JSON.stringify(received)).not.toContain('CANARY');
    expect((await deliveries()).map(({ status }) => status)).toEqual(Array(3).fill('delivered'));
  });

  it('is told of abandoned sessions, and of reports anew when they changed', async () => {
    const { secret } = await endpoint(['session.abandoned', 'report.ready']);
    const session = await startSession(database, tenant);
    const call = await openCall(database, session);
    await database.rpc('call_connected', { p_call: call });
    await database.sql(
      `update public.interview_sessions set started_at = now() - interval '2 days', deadline_at = now() - interval '1 day' where id = $1`,
      session,
    );
    await tick();
    const writer = newWriter();
    await deliver(database, session, writer, [row(writer, 1, call, 'late')]);
    await tick();
    await tick();
    const told = events(secret).map((event) =>
      event.type === 'report.ready' ? event.data.revision : event.type,
    );
    expect(told).toEqual(['session.abandoned', 1, 2]);
  });

  it('gets what it asked for only, and nothing of another tenant', async () => {
    await endpoint(['session.abandoned']);
    const other = await makeTenant(database, 'contoso');
    await create(WebhookType.options, url, other);
    await end(await startSession(database, tenant));
    await tick();
    await tick();
    expect(received).toEqual([]);
  });

  it('is told nothing of what was undone', async () => {
    await endpoint();
    const session = await startSession(database, tenant);
    await database.undone(async (connection) => {
      await connection.query(`select public.complete_session($1, 'completed', '{}', '[]', true)`, [
        session,
      ]);
    });
    expect(await deliveries()).toEqual([]);
  });

  it.each([
    'http://hooks.example/',
    'https://user:pass@hooks.example/',
    'https://hooks.example/#part',
    'https://hooks.example\\@10.0.0.1/',
    'http://127.0.0.1.example/',
    'ftp://hooks.example/',
    'hooks.example',
    'https://hooks.example/ a',
    '',
  ])('is not made of %s', async (address) => {
    expect(await create(['report.ready'], address)).toEqual([{ result: { error: 'bad_request' } }]);
  });

  it('is not made for nothing, for what there isn’t, or an eleventh time', async () => {
    const long = `https://hooks.example/${'x'.repeat(2000)}`;
    expect(await create(['report.ready'], long)).toEqual([{ result: { error: 'bad_request' } }]);
    expect(await create([])).toEqual([{ result: { error: 'bad_request' } }]);
    expect(await create(['webhook.test'])).toEqual([{ result: { error: 'bad_request' } }]);
    for (let made = 0; made < 10; made += 1) await endpoint();
    expect(await create()).toEqual([{ result: { error: 'rate_limited' } }]);
  });

  it('on this machine gets nothing from a project that others reach', async () => {
    await endpoint();
    await end(await startSession(database, tenant));
    await tick(database.rpc, false);
    expect(received).toEqual([]);
    expect((await deliveries())[0]).toMatchObject({
      status: 'waiting',
      last_error: 'address_refused',
      last_status: null,
    });
  });

  it('can be tested, whatever it wants, a few times a minute', async () => {
    const { id, secret } = await endpoint(['report.ready']);
    await asOwner('test_webhook', { p_endpoint: id });
    await tick();
    expect(events(secret)).toMatchObject([{ type: 'webhook.test', data: { endpoint_id: id } }]);
    for (let more = 1; more < 10; more += 1) await asOwner('test_webhook', { p_endpoint: id });
    expect(await asOwner('test_webhook', { p_endpoint: id })).toEqual({ error: 'rate_limited' });
  });

  it('that is switched off gets nothing, and what waited is given up', async () => {
    const { id } = await endpoint();
    const session = await startSession(database, tenant);
    await end(session);
    await asOwner('change_webhook', { p_endpoint: id, p_enabled: false });
    await tick();
    await tick();
    expect(received).toEqual([]);
    expect(await deliveries()).toMatchObject([{ status: 'dead', last_error: 'disabled' }]);
    expect(await asOwner('test_webhook', { p_endpoint: id })).toEqual({ error: 'unsupported' });
    await asOwner('change_webhook', { p_endpoint: id, p_enabled: true });
    const [dead] = await deliveries();
    await asOwner('replay_delivery', { p_delivery: dead?.['id'] });
    await tick();
    expect(received).toHaveLength(1);
  });

  it('is forgotten with its secret and its deliveries', async () => {
    const { id } = await endpoint();
    await end(await startSession(database, tenant));
    await asOwner('delete_webhook', { p_endpoint: id });
    await tick();
    expect(received).toEqual([]);
    for (const table of ['webhook_endpoints', 'webhook_secrets', 'webhook_deliveries']) {
      const rows = await database.sql(
        `select from public.${table} where tenant_id = $1`,
        tenant.id,
      );
      expect(rows, table).toEqual([]);
    }
  });
});

describe('a secret', () => {
  it('is shown once, and to nobody who reads the tables', async () => {
    const { secret } = await endpoint();
    expect(Buffer.from(secret.replace('whsec_', ''), 'base64')).toHaveLength(32);
    const shown = await database.as(
      { user: tenant.owner },
      'select * from public.webhook_endpoints',
    );
    expect(JSON.stringify(shown)).not.toContain(secret.slice(6));
    await expect(
      database.as({ user: tenant.owner }, 'select * from public.webhook_secrets'),
    ).rejects.toMatchObject({ code: '42501' });
  });

  it('and its successor both sign while it is replaced, and the successor alone afterwards', async () => {
    const { id, secret: former } = await endpoint();
    const { secret = '' } = await asOwner('rotate_webhook_secret', {
      p_endpoint: id,
      p_keep_s: 60,
    });
    await asOwner('test_webhook', { p_endpoint: id });
    await tick();
    expect(events(former)).toEqual(events(secret));
    await database.sql(
      `update public.webhook_secrets set expires_at = now() where expires_at is not null`,
    );
    received = [];
    await asOwner('test_webhook', { p_endpoint: id });
    await tick();
    expect(events(secret)).toHaveLength(1);
    expect(() => events(former)).toThrow('No matching signature');
  });

  it('that leaked can be ended at once', async () => {
    const { id, secret: former } = await endpoint();
    const { secret = '' } = await asOwner('rotate_webhook_secret', { p_endpoint: id, p_keep_s: 0 });
    await asOwner('test_webhook', { p_endpoint: id });
    await tick();
    expect(events(secret)).toHaveLength(1);
    expect(() => events(former)).toThrow('No matching signature');
    const wrong = { p_endpoint: id, p_keep_s: -1 };
    expect(await asOwner('rotate_webhook_secret', wrong)).toEqual({ error: 'bad_request' });
  });
});

describe('a delivery', () => {
  const attempt = async (status: number) => {
    answer = status;
    await hurry();
    await tick();
    const [delivery] = await deliveries();
    return delivery;
  };

  it('is tried ten times over three days under one id, lies dead, and can be replayed', async () => {
    const { id, secret } = await endpoint();
    await asOwner('test_webhook', { p_endpoint: id });
    const waits: number[] = [];
    for (let n = 1; n <= 9; n += 1) {
      expect(await attempt(500)).toMatchObject({
        status: 'waiting',
        failures: n,
        last_status: 500,
      });
      const [due] = await database.sql(
        `select extract(epoch from d.next_at - d.attempted_at)::float as wait, j.run_at = d.next_at as same
         from public.webhook_deliveries d join public.jobs j on j.subject = d.id::text
         where d.tenant_id = $1`,
        tenant.id,
      );
      expect(due?.['same']).toBe(true);
      waits.push(Number(due?.['wait']));
    }
    const schedule = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];
    schedule.forEach((wait, index) => {
      expect(waits[index]).toBeGreaterThanOrEqual(wait);
      expect(waits[index]).toBeLessThanOrEqual(wait * 1.1);
    });
    const dead = await attempt(500);
    expect(dead).toMatchObject({
      status: 'dead',
      attempts: 10,
      last_error: 'status',
      next_at: null,
    });
    await hurry();
    await tick();
    expect(new Set(received.map(({ headers }) => headers['webhook-id']))).toHaveProperty('size', 1);
    expect(received).toHaveLength(10);
    await asOwner('replay_delivery', { p_delivery: dead?.['id'] });
    expect(await attempt(204)).toMatchObject({
      status: 'delivered',
      attempts: 11,
      last_error: null,
    });
    expect(events(secret)).toHaveLength(11);
  });

  it('is not made by a redirect', async () => {
    const { id } = await endpoint();
    await asOwner('test_webhook', { p_endpoint: id });
    expect(await attempt(302)).toMatchObject({ status: 'waiting', last_status: 302 });
  });

  it('that is answered with 410 ends the endpoint', async () => {
    const { id } = await endpoint();
    await asOwner('test_webhook', { p_endpoint: id });
    expect(await attempt(410)).toMatchObject({ status: 'dead', last_status: 410 });
    const [row] = await database.sql('select * from public.webhook_endpoints where id = $1', id);
    expect(row).toMatchObject({ disabled_by: 'gone' });
  });

  it('is made again where nobody could write down that it was made', async () => {
    const { id } = await endpoint();
    await asOwner('test_webhook', { p_endpoint: id });
    await tick((name, args) =>
      name === 'record_delivery'
        ? Promise.reject(new Refusal('storage_unavailable'))
        : database.rpc(name, args),
    ).catch(() => undefined);
    await database.sql(
      `update public.jobs set locked_until = now() - interval '1 s' where locked_until is not null`,
    );
    expect(await attempt(204)).toMatchObject({ status: 'delivered', attempts: 1 });
    const ids = received.map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual([ids[0], ids[0]]);
  });

  it('is written down once, though two runs made it', async () => {
    const { id } = await endpoint();
    const { delivery_id = '' } = await asOwner('test_webhook', { p_endpoint: id });
    const record = () =>
      database.rpc('record_delivery', {
        p_delivery: delivery_id,
        p_attempt: 1,
        p_status: 500,
        p_error: null,
      });
    expect([await record(), await record()]).toEqual([{ status: 'waiting' }, null]);
    expect(await deliveries()).toMatchObject([{ attempts: 1, failures: 1 }]);
  });
});

describe('others', () => {
  it('neither manage nor see an owner’s webhooks', async () => {
    const { id } = await endpoint();
    const { delivery_id } = await asOwner('test_webhook', { p_endpoint: id });
    const other = await makeTenant(database, 'contoso');
    const calls: [string, Record<string, unknown>][] = [
      ['create_webhook', { p_tenant: tenant.id, p_url: url, p_types: '{report.ready}' }],
      ['change_webhook', { p_endpoint: id, p_url: 'https://elsewhere.example/' }],
      ['delete_webhook', { p_endpoint: id }],
      ['rotate_webhook_secret', { p_endpoint: id }],
      ['test_webhook', { p_endpoint: id }],
      ['replay_delivery', { p_delivery: delivery_id }],
    ];
    for (const user of [tenant.recruiter, tenant.reviewer, other.owner]) {
      for (const [name, args] of calls) {
        expect(await database.rpcAs({ user }, name, args), name).toEqual({ error: 'forbidden' });
      }
      const seen = await database.as({ user }, 'select from public.webhook_deliveries');
      expect(seen).toEqual([]);
    }
    for (const [name, args] of calls) {
      await expect(database.rpcAs('anon', name, args), name).rejects.toMatchObject({
        code: '42501',
      });
    }
  });
});

describe('the documentation', () => {
  const text = readFileSync(fileURLToPath(new URL('../WEBHOOKS.md', import.meta.url)), 'utf8');

  it('shows a receiver that takes what is signed, once, and nothing else', async () => {
    const { id, secret } = await endpoint();
    await asOwner('test_webhook', { p_endpoint: id });
    await tick();
    const [sent] = received;
    if (sent === undefined) throw new Error('nothing came');
    const folder = fileURLToPath(
      new URL('../../node_modules/.cache/interview-sql/', import.meta.url),
    );
    mkdirSync(folder, { recursive: true });
    const file = `${folder}receiver-${id}.mjs`;
    writeFileSync(file, /```js\n(.*?)```/s.exec(text)?.[1] ?? '');
    vi.stubEnv('WEBHOOK_SECRET', secret);
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const { receive } = (await import(/* @vite-ignore */ file)) as {
      receive: (request: Request) => Promise<Response>;
    };
    const bring = async (body: string) =>
      (await receive(new Request(url, { method: 'POST', headers: sent.headers, body }))).status;
    expect([await bring(sent.body), await bring(sent.body)]).toEqual([204, 204]);
    expect(log).toHaveBeenCalledTimes(1);
    expect(await bring(sent.body.replace('webhook.test', 'report.ready'))).toBe(401);
    vi.unstubAllEnvs();
    log.mockRestore();
  });

  it('names every type', () => {
    for (const type of WebhookType.options) expect(text).toContain(`\`${type}\``);
  });

  it('and every function of owners', async () => {
    const names = await database.sql(
      `select proname as name from pg_proc where pronamespace = 'public'::regnamespace
         and proname ~ 'webhook|_delivery$' and has_function_privilege('authenticated', oid, 'execute')`,
    );
    expect(names).toHaveLength(6);
    for (const { name } of names) expect(text).toContain(`\`${String(name)}(`);
  });
});
