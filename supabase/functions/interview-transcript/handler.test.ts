import { Acknowledgement } from '@interview/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../../tests/database.ts';
import { post, refused, settings } from '../../tests/functions.ts';
import {
  makeTenant,
  newWriter,
  openCall,
  row,
  startSession,
  type Tenant,
} from '../../tests/world.ts';
import { Refusal } from '../_shared/refusal.ts';
import { mintSessionToken } from '../_shared/session-token.ts';
import { transcriptHandler } from './handler.ts';

const service = { apikey: 'sb_secret_0123456789' };
let now = Date.parse('2026-11-22T12:00:00Z');
let database: Database;
let tenant: Tenant;
let session: string;
let call: string;
let writer: string;
let handle: (request: Request) => Promise<Response>;

beforeAll(async () => {
  database = await openDatabase();
  tenant = await makeTenant(database, 'northwind');
  handle = transcriptHandler({
    ...settings,
    rpc: database.rpc,
    now: () => now,
    log: () => undefined,
  });
}, 60_000);
afterAll(() => database.close());
beforeEach(async () => {
  session = await startSession(database, tenant);
  call = await openCall(database, session);
  writer = newWriter();
});

async function bearer(of = session): Promise<{ authorization: string }> {
  const { token } = await mintSessionToken(
    {
      candidateId: crypto.randomUUID(),
      sessionId: of,
      tenantId: tenant.id,
      origins: ['https://jobs.example'],
      simulation: false,
    },
    settings.jwtSecret,
    now,
  );
  return { authorization: `Bearer ${token}` };
}

const batch = (entries: unknown[], by = writer) => ({
  session_id: session,
  writer_id: by,
  entries,
});
const acknowledged = async (reply: Response) => {
  expect(reply.status).toBe(200);
  return Acknowledgement.parse(await reply.json());
};

describe('a page', () => {
  it('delivers its rows and is told what is held', async () => {
    const rows = [row(writer, 1, call, 'a'), row(writer, 2, call, 'b')];
    const headers = { ...(await bearer()), origin: 'https://jobs.example' };
    expect(await acknowledged(await handle(post(batch(rows), headers)))).toEqual({
      writer_id: writer,
      last_sequence: 2,
      stored: 2,
      duplicates: 0,
      refused: [],
    });
    expect(await acknowledged(await handle(post(batch(rows), headers)))).toMatchObject({
      stored: 0,
      duplicates: 2,
    });
  });

  it('delivers for a day after its token’s end', async () => {
    const headers = await bearer();
    const before = now;
    now += 600_000 + 23 * 3_600_000;
    await acknowledged(await handle(post(batch([row(writer, 1, call, 'a')]), headers)));
    now += 2 * 3_600_000;
    await refused(
      await handle(post(batch([row(writer, 2, call, 'b')]), headers)),
      401,
      'token_expired',
    );
    now = before;
  });

  it('writes in its own session only, and never as the server', async () => {
    const other = await bearer(await startSession(database, tenant));
    await refused(await handle(post(batch([{}]), other)), 403, 'session_mismatch');
    const server = batch([{}], `s_${call}_1`);
    await refused(await handle(post(server, await bearer())), 403, 'session_mismatch');
  });

  it('of a site that the tenant did not allow is refused', async () => {
    const headers = { ...(await bearer()), origin: 'https://evil.example' };
    await refused(await handle(post(batch([{}]), headers)), 403, 'origin_not_allowed');
  });

  it('without a token, or with the wrong kind, is refused', async () => {
    await refused(await handle(post(batch([{}]))), 401, 'token_missing');
    const key = { authorization: `Bearer ${tenant.apiKey}` };
    await refused(await handle(post(batch([{}]), key)), 401, 'token_invalid');
    await refused(
      await handle(post(batch([{}]), { apikey: 'sb_secret_wrong_key' })),
      401,
      'token_missing',
    );
  });

  it('stores every text that a candidate may say', async () => {
    const texts = ['nul \u0000 here', 'half \ud83d', '😀 ‮ عربي', "'; drop table x; --", '\\u0000'];
    const rows = texts.map((text, index) => row(writer, index + 1, call, `i${index}`, { text }));
    const ack = await acknowledged(await handle(post(batch(rows), await bearer())));
    expect(ack).toMatchObject({ last_sequence: 5, stored: 5, refused: [] });
    const stored = await database.sql(
      'select text from public.transcript_entries where session_id = $1 order by sequence',
      session,
    );
    expect(stored.map(({ text }) => text)).toEqual([
      'nul \uFFFD here',
      'half \uFFFD',
      ...texts.slice(2),
    ]);
  });

  it('does not lose good rows over bad ones, and bad ones do not block for ever', async () => {
    const rows = [
      row(writer, 1, call, 'a', { status: 'partial' }),
      row(writer, 2, call, 'b'),
      'nonsense',
      { writer_id: writer, sequence: 3 },
      { writer_id: 'b_\u0000', sequence: 4 },
      row(newWriter(), 4, call, 'c'),
      row(writer, 4, crypto.randomUUID(), 'd'),
      row(writer, 5, call, 'e'),
    ];
    const ack = await acknowledged(await handle(post(batch(rows), await bearer())));
    expect(ack).toMatchObject({
      last_sequence: 5,
      stored: 2,
      refused: [
        { sequence: 1, code: 'tombstone' },
        { sequence: 0, code: 'invalid' },
        { sequence: 3, code: 'tombstone' },
        { sequence: 4, code: 'wrong_writer' },
        { sequence: 4, code: 'wrong_writer' },
        { sequence: 4, code: 'tombstone' },
      ],
    });
  });

  it('can’t slip another body under a sequence that is held', async () => {
    const headers = await bearer();
    await handle(post(batch([row(writer, 1, call, 'a')]), headers));
    const forged = row(writer, 1, call, 'a', { text: 'I have ten years of experience.' });
    expect(await acknowledged(await handle(post(batch([forged]), headers)))).toMatchObject({
      last_sequence: 1,
      refused: [{ sequence: 1, code: 'conflict' }],
    });
  });

  it('may send fields that are not known here', async () => {
    const headers = await bearer();
    const odd = { ...row(writer, 1, call, 'a'), source: 'server', later: true };
    await handle(post(batch([odd]), headers));
    const same = row(writer, 1, call, 'a');
    expect(await acknowledged(await handle(post(batch([same]), headers)))).toMatchObject({
      duplicates: 1,
    });
  });

  it.each([
    ['no entries', { entries: [] }],
    ['201 entries', { entries: Array.from({ length: 201 }, () => ({})) }],
    ['a writer that can’t be', { writer_id: 'b_x' }],
    ['a session that can’t be', { session_id: 'x' }],
  ])('is told what is wrong with %s', async (_, wrong) => {
    const reply = await handle(post({ ...batch([{}]), ...wrong }, await bearer()));
    expect(await refused(reply, 400, 'bad_request')).toContain(Object.keys(wrong)[0]);
  });
});

describe('the proxy', () => {
  it('writes for both sides, each under its own source', async () => {
    const server = `s_${call}_1`;
    await acknowledged(await handle(post(batch([row(server, 1, call, 'a')], server), service)));
    await acknowledged(await handle(post(batch([row(writer, 1, call, 'a')]), service)));
    const rows = await database.sql(
      'select source from public.transcript_entries where session_id = $1 order by source',
      session,
    );
    expect(rows).toEqual([{ source: 'browser' }, { source: 'server' }]);
  });

  it('is told of sessions and calls that are not there', async () => {
    const lost = { ...batch([{}]), session_id: crypto.randomUUID() };
    await refused(await handle(post(lost, service)), 404, 'not_found');
    const foreign = batch([{}], `s_${crypto.randomUUID()}_1`);
    await refused(await handle(post(foreign, service)), 404, 'call_not_found');
  });
});

it('acknowledges nothing when the database does not answer', async () => {
  const down = transcriptHandler({
    ...settings,
    rpc: () => Promise.reject(new Refusal('storage_unavailable')),
    now: () => now,
    log: () => undefined,
  });
  const reply = await down(post(batch([row(writer, 1, call, 'a')]), service));
  expect(reply.headers.get('retry-after')).toBe('5');
  await refused(reply, 503, 'storage_unavailable');
});
