import { randomUUID } from 'node:crypto';
import type { CallId, EntryId, SessionId, WriterId } from '@interview/protocol';
import { describe, expect, it } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { plan } from '../testing/interview.ts';
import { supabaseStorage } from './supabase.ts';

const session = randomUUID() as SessionId;
const call = randomUUID() as CallId;
const writer = `b_${'x'.repeat(22)}` as WriterId;
const url = 'https://project.supabase.co';
const secretKey = 'sb_secret_canary';

interface Sent {
  url: string;
  method: string;
  apikey: string | null;
  body: unknown;
}

/** Storage whose project answers with this; what was asked is kept. */
function project(status: number, body: unknown, log?: { warn: (line: unknown) => void }) {
  const sent: Sent[] = [];
  const send: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    sent.push({
      url: request.url,
      method: request.method,
      apikey: request.headers.get('apikey'),
      body: JSON.parse(await request.text()) as unknown,
    });
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return new Response(text, { status, headers: { 'content-type': 'application/json' } });
  };
  const logged = log ? { log } : {};
  const origin = { model: 'gpt-realtime-2.1', region: 'mia', machineId: null };
  return { storage: supabaseStorage({ url, secretKey, fetch: send, origin, ...logged }), sent };
}

const brief = {
  session: {
    id: session,
    tenant_id: randomUUID(),
    candidate_id: randomUUID(),
    status: 'active',
    phase: 'question',
    mode: 'voice',
    locale: null,
    end_reason: null,
    started_at: '2026-11-22T10:00:00.000Z',
    deadline_at: '2026-11-22T10:20:00.000Z',
    reducer: { any: 'thing' },
  },
  tenant: { name: 'Northwind', tamper: 'enforce' },
  interview: { id: randomUUID(), title: 'Designer', language: 'en', duration_s: 1200, plan },
  calls: [
    {
      id: call,
      ordinal: 1,
      offer_id: 'o',
      provider: 'openai',
      provider_call_id: 'rtc_1',
      opened_at: '2026-11-22T10:00:00.000Z',
      connected_at: null,
      closed_at: null,
    },
  ],
  writers: { [writer]: 4 },
  transcript: [],
};

describe('RPCs', () => {
  it('go to PostgREST by name, with the secret key', async () => {
    const { storage, sent } = project(200, { call_id: call, ordinal: 2, former: [] });
    const offer = {
      session,
      offerId: 'b.o1',
      writer,
      reason: 'start',
      provider: 'openai',
      ownPage: true,
    } as const;
    expect(await storage.openCall(offer)).toEqual({
      call_id: call,
      ordinal: 2,
      repeated: false,
      former: [],
      time_left_s: null,
    });
    expect(sent).toEqual([
      {
        url: `${url}/rest/v1/rpc/open_call`,
        method: 'POST',
        apikey: secretKey,
        body: {
          p_session: session,
          p_offer_id: 'b.o1',
          p_writer: writer,
          p_reason: 'start',
          p_provider: 'openai',
          p_own_page: true,
          p_model: 'gpt-realtime-2.1',
          p_region: 'mia',
          p_machine: null,
        },
      },
    ]);
  });

  it('bring the whole brief, or nothing', async () => {
    const found = await project(200, brief).storage.sessionBrief(session);
    expect(found).toMatchObject({
      session: { id: session, reducer: { any: 'thing' } },
      interview: { plan },
      writers: { [writer]: 4 },
    });
    expect(await project(200, null).storage.sessionBrief(session)).toBeNull();
  });

  it('bring what a page that asks often needs', async () => {
    const { id, status, phase, end_reason } = brief.session;
    const glance = {
      session: { id, status, phase, end_reason },
      writers: { [writer]: 4 },
      connected: false,
    };
    const { storage, sent } = project(200, glance);
    expect(await storage.sessionGlance(session)).toEqual(glance);
    expect(sent[0]?.url).toBe(`${url}/rest/v1/rpc/session_glance`);
    expect(await project(200, null).storage.sessionGlance(session)).toBeNull();
  });

  it('save the interview with the time when it is up', async () => {
    const { storage, sent } = project(200, { ok: true });
    const deadline = Date.UTC(2026, 10, 22, 10, 30);
    await storage.saveReducer(call, 3, { state: { n: 1 }, phase: 'question', deadline });
    await storage.saveReducer(call, 3, { state: {}, phase: 'opening', deadline: null });
    expect(sent.map((one) => one.body)).toEqual([
      {
        p_call: call,
        p_epoch: 3,
        p_state: { n: 1 },
        p_phase: 'question',
        p_deadline: '2026-11-22T10:30:00.000Z',
      },
      { p_call: call, p_epoch: 3, p_state: {}, p_phase: 'opening', p_deadline: null },
    ]);
  });

  it('keep what is said beside the interview, and tell why where they do not', async () => {
    const { storage, sent } = project(200, { ok: true });
    const entry = `${call}.item_1` as EntryId;
    await storage.ask(session, 'help', 'I hear nothing.');
    await storage.storeCorrection(session, entry, 'As I meant it.');
    await storage.storeFeedback(session, { rating: 5, text: null });
    expect(sent.map((one) => [one.url.split('/').at(-1), one.body])).toEqual([
      ['ask_in_session', { p_session: session, p_kind: 'help', p_note: 'I hear nothing.' }],
      ['store_correction', { p_session: session, p_entry_id: entry, p_text: 'As I meant it.' }],
      ['store_feedback', { p_session: session, p_rating: 5, p_text: null }],
    ]);
    const refused = project(200, { error: 'forbidden' }).storage;
    await expect(refused.storeCorrection(session, entry, 'x')).rejects.toMatchObject({
      code: 'forbidden',
      retryable: false,
    });
  });

  it('tell times as numbers and verdicts as such', async () => {
    const connected = project(200, { ok: true, deadline_at: '2026-11-22T10:20:00.500Z' });
    expect(await connected.storage.callConnected(call)).toEqual({
      deadline: Date.UTC(2026, 10, 22, 10, 20, 0, 500),
    });
    const saved = { state: {}, phase: 'closing', deadline: null } as const;
    expect(await project(200, { ok: false }).storage.saveReducer(call, 3, saved)).toBe(false);
    const renewed = project(200, { ok: true, writer_id: writer }).storage.renewLease(call, 3, 10);
    expect(await renewed).toEqual({ ok: true, actor: writer, closed: false, claimed: false });
  });

  it('turn an expected refusal into its code', async () => {
    const refused = project(200, { error: 'session_ended' }).storage.sessionBrief(session);
    await expect(refused).rejects.toMatchObject({ code: 'session_ended', retryable: false });
    const taken = project(200, { error: 'taken_over' }).storage.takeLease(call, 'me', 10, false);
    await expect(taken).rejects.toMatchObject({ code: 'taken_over' });
  });

  it.each([
    ['an error of the database', 500, { message: 'canary', code: 'XX000' }],
    ['a page of HTML', 200, '<html>studio</html>'],
    ['a shape that nobody knows', 200, { session: 7 }],
    ['a refused key', 401, { message: 'Invalid API key canary' }],
  ])('take %s for no answer, and tell nothing of it', async (_name, status, body) => {
    const error: unknown = await project(status, body)
      .storage.sessionBrief(session)
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'storage_unavailable', retryable: true });
    expect((error as Error).message).not.toContain('canary');
  });

  it.each([['22P05'], ['22P02'], ['22003']])(
    'are not asked again for what the database can not hold: %s',
    async (code) => {
      const asked = project(400, { code, message: 'canary' }).storage.ask(session, 'help', 'x');
      const error: unknown = await asked.catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'bad_request', retryable: false });
      expect((error as Error).message).not.toContain('canary');
    },
  );

  it('tell a tenant with too many calls apart from a candidate who asks too often', async () => {
    const { storage } = project(200, { error: 'rate_limited' });
    const offer = { session, offerId: 'o', writer, reason: 'start', provider: 'openai' } as const;
    await expect(storage.openCall(offer)).rejects.toMatchObject({
      code: 'capacity',
      retryAfterMs: 30_000,
    });
    await expect(storage.ask(session, 'help', 'x')).rejects.toMatchObject({
      code: 'rate_limited',
      retryAfterMs: 60_000,
    });
  });

  it('bring every command that can be read, and refuse the others', async () => {
    const message = { type: 'action', id: 'm1', kind: 'skip' };
    const warned: unknown[] = [];
    const log = { warn: (line: unknown) => warned.push(line) };
    const { storage, sent } = project(
      200,
      [{ type: 'of the future', id: 'm0' }, 'nonsense', message].map((one, index) => ({
        id: index + 1,
        session_id: session,
        message: one,
      })),
      log,
    );
    expect(await storage.takeCommands('me')).toEqual([{ id: 3, session, message }]);
    await eventually(() => sent.length).toBe(3);
    const error = { code: 'unknown_message', message: expect.any(String) as string };
    expect(sent.slice(1).map(({ body }) => body)).toEqual([
      { p_id: 1, p_reply: { error } },
      { p_id: 2, p_reply: { error } },
    ]);
    expect(warned).toMatchObject([{ command: 1 }, { command: 2 }]);
  });

  it('take a connection that fails for no answer', async () => {
    const send: typeof fetch = () => Promise.reject(new TypeError('fetch failed'));
    const storage = supabaseStorage({ url, secretKey, fetch: send });
    await expect(storage.check()).rejects.toMatchObject({ code: 'storage_unavailable' });
    const stored = storage.storeEntries(session, writer, [{}]);
    await expect(stored).rejects.toMatchObject({ code: 'storage_unavailable' });
  });
});

describe('transcripts', () => {
  const ack = { writer_id: writer, last_sequence: 7, stored: 1, duplicates: 0, refused: [] };

  it('go to their function, and what is no row as its tombstone', async () => {
    const { storage, sent } = project(200, ack);
    const entries = [{ writer_id: writer, sequence: 7, tombstone: 'not a row' }];
    expect(await storage.storeEntries(session, writer, entries)).toEqual(ack);
    expect(sent).toEqual([
      {
        url: `${url}/functions/v1/interview-transcript`,
        method: 'POST',
        apikey: secretKey,
        body: { session_id: session, writer_id: writer, entries },
      },
    ]);
    const deep: unknown = JSON.parse('['.repeat(30_000) + ']'.repeat(30_000));
    await storage.storeEntries(session, writer, [{ writer_id: writer, sequence: 8, text: deep }]);
    expect(sent[1]?.body).toMatchObject({
      entries: [{ sequence: 8, tombstone: expect.stringMatching(/^not a row: /) as string }],
    });
  });

  it.each([
    [403, { error: { code: 'session_mismatch' } }, 'session_mismatch'],
    [410, { error: { code: 'delivery_expired' } }, 'delivery_expired'],
    [500, { error: { code: 'internal' } }, 'storage_unavailable'],
    [400, { error: { code: 'of_the_future' } }, 'storage_unavailable'],
    [200, { error: 'odd' }, 'storage_unavailable'],
  ])('refused with %i %j are %s', async (status, body, code) => {
    const stored = project(status, body).storage.storeEntries(session, writer, [{}]);
    await expect(stored).rejects.toMatchObject({ code });
  });
});

describe('tick', () => {
  it('asks the processor, also one that does not count dead jobs yet', async () => {
    const { storage, sent } = project(200, { processed: 1, failed: 0, remaining: 0 });
    expect(await storage.tick()).toEqual({ processed: 1, failed: 0, remaining: 0, dead: 0 });
    expect(sent).toMatchObject([
      {
        url: `${url}/functions/v1/transcript-processor`,
        apikey: secretKey,
        body: { action: 'tick' },
      },
    ]);
  });
});
