import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ErrorBody } from '@interview/protocol';
import { openDatabase, type Database } from '../tests/database.ts';
import { post, settings } from '../tests/functions.ts';
import {
  answers,
  invite,
  makeTenant,
  newKey,
  newWriter,
  openCall,
  row,
  startSession,
  type Tenant,
} from '../tests/world.ts';
import { mintSessionToken } from './_shared/session-token.ts';
import { startHandler } from './interview-start/handler.ts';
import { transcriptHandler } from './interview-transcript/handler.ts';
import { invitationsHandler } from './invitations/handler.ts';
import { processorHandler } from './transcript-processor/handler.ts';

let database: Database;
let northwind: Tenant;
let contoso: Tenant;
let session: string;
let call: string;
let theirs: string;
let theirCall: string;
const logged: unknown[] = [];

beforeAll(async () => {
  database = await openDatabase();
  northwind = await makeTenant(database, 'northwind');
  contoso = await makeTenant(database, 'contoso');
  session = await startSession(database, northwind);
  call = await openCall(database, session);
  theirs = await startSession(database, contoso);
  theirCall = await openCall(database, theirs);
}, 60_000);
afterAll(() => database.close());

const deps = () => ({
  ...settings,
  rpc: database.rpc,
  now: Date.now,
  log: (line: unknown) => logged.push(line),
});
const start = (body: unknown, headers: Record<string, string> = {}) =>
  startHandler({ ...deps(), readUser: () => Promise.reject(new Error('no account')) })(
    post(body, headers),
  );
const transcript = (body: unknown, headers: Record<string, string>) =>
  transcriptHandler(deps())(post(body, headers));
const asNorthwind = () => ({ authorization: `Bearer ${northwind.apiKey}` });
const secret = { apikey: settings.secretKeys[0] ?? '' };

async function token(of: string, tenantId: string): Promise<{ authorization: string }> {
  const subject = { candidateId: crypto.randomUUID(), sessionId: of, tenantId, origins: [] };
  const minted = await mintSessionToken(
    { ...subject, simulation: false },
    settings.jwtSecret,
    Date.now(),
  );
  return { authorization: `Bearer ${minted.token}` };
}

/** Every row of the other tenant, so that a refusal can be shown to have changed none. */
const belongings = () =>
  database.sql(
    `select 'session' as what, to_jsonb(s) as row from public.interview_sessions s where tenant_id = $1
     union all select 'entry', to_jsonb(e) from public.transcript_entries e where tenant_id = $1
     union all select 'invitation', to_jsonb(v) from public.interview_invitations v where tenant_id = $1
     union all select 'candidate', to_jsonb(c) from public.candidates c where tenant_id = $1
     order by 1, 2`,
    contoso.id,
  );

describe('ids of another tenant', () => {
  const attempts: [string, number, () => Promise<Response>][] = [
    [
      'a session of theirs, by our key',
      403,
      () => start({ session_id: 's-1', tenant_id: contoso.externalId }, asNorthwind()),
    ],
    [
      'an interview of theirs, for a session of ours',
      404,
      () =>
        start(
          { session_id: 's-2', tenant_id: northwind.externalId, interview_id: contoso.interview },
          asNorthwind(),
        ),
    ],
    [
      'their session, by our session token',
      403,
      async () => {
        const writer = newWriter();
        const batch = {
          session_id: theirs,
          writer_id: writer,
          entries: [row(writer, 1, theirCall, 'x')],
        };
        return transcript(batch, await token(session, northwind.id));
      },
    ],
    [
      'their tenant, by our key, for invitations',
      403,
      () =>
        invitationsHandler(deps())(
          post({ tenant_id: contoso.externalId, invitations: [{ id: 'a' }] }, asNorthwind()),
        ),
    ],
    [
      'their report, by our member',
      404,
      () =>
        processorHandler({
          ...deps(),
          memberRpc: () => (name, args) => database.rpcAs({ user: northwind.owner }, name, args),
        })(
          post(
            { action: 'export', session_id: theirs, format: 'json' },
            { apikey: 'sb_publishable_x', authorization: 'Bearer eyJhbGciOiJIUzI1NiJ9.e30.c2ln' },
          ),
        ),
    ],
  ];

  it.each(attempts)(
    '%s: refused, and nothing of theirs changes',
    async (_what, status, attempt) => {
      const before = await belongings();
      const reply = await attempt();
      const { error } = (await reply.json()) as ErrorBody;
      expect([reply.status, error.code]).toEqual([status, expect.any(String)]);
      expect(JSON.stringify(error)).not.toMatch(/contoso|Designer/i);
      expect(await belongings()).toEqual(before);
    },
  );

  it('their call, in rows of our session: a tombstone in ours and nothing in theirs', async () => {
    const before = await belongings();
    const writer = newWriter();
    const batch = {
      session_id: session,
      writer_id: writer,
      entries: [row(writer, 1, theirCall, 'x')],
    };
    const reply = await transcript(batch, await token(session, northwind.id));
    const body = (await reply.json()) as { refused: unknown[]; stored: number };
    expect([reply.status, body.refused.length]).toEqual([200, 1]);
    expect(await belongings()).toEqual(before);
  });
});

describe('what is sent again', () => {
  it('starts one session, however often and at whatever moment', async () => {
    const { token: invitation } = await invite(database, northwind);
    const again = {
      step: 'start',
      invitation,
      device_key: newKey(),
      consents: answers(),
      mode: 'voice',
      locale: 'en',
    };
    const once = async () =>
      ((await (await start(again)).json()) as { session: { id: string } }).session.id;
    const ids = await Promise.all(Array.from({ length: 8 }, once));
    ids.push(await once());
    expect(new Set(ids).size).toBe(1);
    const consents = await database.sql(
      'select count(*)::int as n from public.consents where session_id = $1',
      ids[0],
    );
    expect(consents).toEqual([{ n: again.consents.length }]);
  });

  it('stores each row once', async () => {
    const writer = newWriter();
    const entries = [1, 2, 3].map((n) => row(writer, n, call, `${writer}_${n}`));
    const batch = { session_id: session, writer_id: writer, entries };
    const once = async () =>
      (await (await transcript(batch, secret)).json()) as Record<string, number>;
    const acks = await Promise.all(Array.from({ length: 8 }, once));
    acks.push(await once());
    expect(acks.map(({ last_sequence: mark }) => mark)).toEqual(acks.map(() => 3));
    expect(acks.reduce((sum, { stored = 0 }) => sum + stored, 0)).toBe(3);
  });

  it('makes one report', async () => {
    const over = { p_reason: 'completed', p_writers: {}, p_lost: [], p_force: true };
    await database.rpc('complete_session', { p_session: session, ...over });
    const tick = async () =>
      (await (await processorHandler(deps())(post({ action: 'tick' }, secret))).json()) as {
        processed: number;
      };
    const ticks = await Promise.all(Array.from({ length: 5 }, tick));
    expect(ticks.reduce((sum, { processed }) => sum + processed, 0)).toBe(1);
    const versions = await database.sql(
      'select revision from public.interview_report_versions where session_id = $1',
      session,
    );
    expect(versions).toEqual([{ revision: 1 }]);
  });
});

it('had no fault of its own in all of these', () => {
  expect(logged).toEqual([]);
});
