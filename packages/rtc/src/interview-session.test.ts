import 'fake-indexeddb/auto';
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryStore } from './delivery/memory-store.ts';
import { InterviewError } from './errors.ts';
import { InterviewSession } from './interview-session.ts';
import type { InterviewSessionOptions } from './options.ts';
import { collectEvents } from './testing/collect-events.ts';
import {
  cleared,
  replyBegins,
  replyEnds,
  speech,
  transcription,
  truncated,
} from './testing/conversation-events.ts';
import { consents, ScriptedInterview, type FakeTrack } from './testing/scripted-interview.ts';
import type { ScriptedProxy } from './testing/scripted-proxy.ts';
import type { ScriptedTransport } from './testing/scripted-transport.ts';

let scene: ScriptedInterview;
let proxy: ScriptedProxy;
let transport: ScriptedTransport;
let tracks: FakeTrack[];

beforeEach(() => {
  scene = new ScriptedInterview();
  ({ proxy, transport, tracks } = scene);
});
afterEach(() => scene.close());

const newSession = (options: Partial<InterviewSessionOptions> = {}): InterviewSession =>
  scene.session(options);
const say = (...events: object[]): void => scene.say(...events);

const greeting = [
  ...replyBegins('r1', 'a1', null, 'Hello. Are you ready?'),
  ...replyEnds('r1', 'a1', null, 'Hello. Are you ready?'),
];
/** The greeting has been played. */
const played = { type: 'output_audio_buffer.stopped', response_id: 'r1' };
const answer = [...speech('u1', 'a1'), ...transcription('u1', 'Yes, I am.')];
const heldTexts = (): string[] => scene.heldTexts;

describe('InterviewSession, from the link to the end', () => {
  it('goes all the way and leaves every word on the server', async () => {
    const session = newSession();
    const states = collectEvents(session, 'statechange');
    const ended = collectEvents(session, 'ended');
    expect((await session.look()).tenant.name).toBe('Northwind');
    await session.prepare();
    await session.start({ consents });
    expect(session.state).toBe('live');
    say(...greeting, played, ...answer);
    expect(session.lines.map(({ text }) => text)).toEqual(['Hello. Are you ready?', 'Yes, I am.']);
    await session.end();

    expect(states.all.map(({ state }) => state)).toEqual([
      'preparing',
      'ready',
      'connecting',
      'live',
      'ending',
      'completed',
    ]);
    expect(heldTexts()).toEqual(['Hello. Are you ready?', 'Yes, I am.']);
    expect(session.delivery).toEqual({ pending: 0, acknowledged: 2, kept: 'indexeddb' });
    expect(ended.all).toEqual([{ reason: 'candidate_ended', status: 'completed' }]);
    const [complete] = proxy.of('complete');
    expect(Object.values(complete?.writers ?? {})).toEqual([2]);
    expect(tracks.map(({ readyState }) => readyState)).toEqual(['ended']);
    expect(transport.call.closed).toBe(true);
  });

  it('sends one device key with every call, and hashes of the texts that were shown', async () => {
    const session = newSession();
    await session.look();
    await session.start({ consents });
    const keys = proxy.starts.map((body) => body['device_key']);
    expect(keys[0]).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(new Set(keys).size).toBe(1);
    const text_hash = createHash('sha256').update('I agree.').digest('hex');
    expect(proxy.starts[1]).toMatchObject({
      step: 'start',
      mode: 'voice',
      consents: [{ text_hash, granted: true }],
    });
  });

  it('is the same device in the next page, and a new one once the interview is completed', async () => {
    const first = newSession();
    await first.look();
    first.destroy();
    const second = newSession();
    await second.start({ consents });
    second.destroy();
    const third = newSession();
    await third.start({ consents });
    await third.end();
    await newSession().look();
    const [one, two, three, four] = proxy.starts.map((body) => body['device_key']);
    expect([two, three]).toEqual([one, one]);
    expect(four).not.toBe(one);
  });

  it('keeps the token out of the address', async () => {
    await newSession().start({ consents });
    expect(proxy.protocols).toEqual([['interview.v1', 'bearer.a.b.c']]);
  });

  it('says nothing to the interviewer before the talk begins, and opens no microphone for a written one', async () => {
    const silent: boolean[] = [];
    proxy.override.set('connected', (message) => {
      silent.push(tracks[0]?.enabled === false);
      return { type: 'ok', id: 'id' in message ? message.id : '' };
    });
    const session = newSession();
    await session.start({ consents });
    expect(silent).toEqual([true]);
    expect(tracks[0]?.enabled).toBe(true);
    await session.mute();
    expect(tracks[0]?.enabled).toBe(false);

    const call_id = proxy.of('connected')[0]?.call_id;
    expect(proxy.of('muted')).toEqual([{ type: 'muted', call_id, muted: true }]);
    await session.unmute();
    expect(proxy.of('muted').map(({ muted }) => muted)).toEqual([true, false]);

    await newSession().start({ consents, mode: 'text' });
    expect(tracks).toHaveLength(1);
    expect(transport.call.track).toBeNull();
  });

  it('obeys the end that the proxy announces', async () => {
    const session = newSession();
    const ended = collectEvents(session, 'ended');
    await session.start({ consents });
    say(...greeting, played);
    proxy.say({ type: 'end', reason: 'completed', close_in_ms: 10_000 });
    expect(tracks[0]?.readyState).toBe('ended');
    await ended.until(({ reason }) => reason === 'completed');
    expect(proxy.of('action')).toEqual([]);
    expect(heldTexts()).toEqual(['Hello. Are you ready?']);
  });

  it('waits for the text of the last answer before it completes', async () => {
    const session = newSession();
    await session.start({ consents });
    say(...greeting, played, ...speech('u1', 'a1'));
    const end = session.end();
    expect(tracks[0]?.readyState).toBe('ended');
    await expect.poll(() => proxy.of('action').map(({ kind }) => kind)).toEqual(['end']);
    expect(proxy.of('complete')).toEqual([]);
    say(...transcription('u1', 'Yes, I am.'));
    await end;
    expect(heldTexts()).toEqual(['Hello. Are you ready?', 'Yes, I am.']);
  });

  it('waits to be told how much of the last line was heard', async () => {
    const session = newSession();
    await session.start({ consents });
    say(...greeting);
    const end = session.end('withdrawn');
    await expect.poll(() => proxy.of('action')).toHaveLength(1);
    say(cleared('r1'), truncated('a1', 640));
    await end;
    const rows = [...proxy.held.values()];
    expect(rows.at(-1)).toMatchObject({
      status: 'interrupted',
      heard_ms: 640,
      entry_id: rows[0]?.entry_id,
    });
    expect(rows.at(-1)?.revision).toBeGreaterThan(0);
  });

  it('asks again while the server misses rows', async () => {
    let asked = 0;
    proxy.override.set('complete', (message) => {
      asked += 1;
      const id = 'id' in message ? message.id : '';
      return asked === 1
        ? { type: 'incomplete', id, missing: [] }
        : { type: 'completed', id, status: 'completed' };
    });
    const session = newSession();
    await session.start({ consents });
    await session.end();
    expect(asked).toBe(2);
    expect(session.state).toBe('completed');
  });
});

describe('InterviewSession, when something breaks', () => {
  it('calls anew when the call is lost, with the same microphone and the lines that were said', async () => {
    const session = newSession();
    const states = collectEvents(session, 'statechange');
    await session.start({ consents });
    say(...greeting);
    transport.call.lose();
    await states.until(({ state, previous }) => state === 'live' && previous === 'reconnecting');
    expect(proxy.of('offer').map(({ reason }) => reason)).toEqual(['start', 'reconnect']);
    expect(transport.calls.map(({ closed }) => closed)).toEqual([true, false]);
    expect(transport.call.track?.readyState).toBe('live');
    say(...speech('u1', null), ...transcription('u1', 'Still here.'));
    expect(session.lines.map(({ text }) => text)).toEqual(['Hello. Are you ready?', 'Still here.']);
    expect(new Set(session.lines.map(({ id }) => id)).size).toBe(2);
  });

  it('keeps rows while the proxy is away, and delivers them when it is back', async () => {
    const session = newSession();
    await session.start({ consents });
    proxy.up = false;
    proxy.cut();
    say(...greeting);
    const delivery = collectEvents(session, 'delivery');
    await delivery.until(({ pending }) => pending === 1);
    expect(session.state).toBe('live');
    expect(proxy.held.size).toBe(0);
    proxy.up = true;
    await delivery.until(({ acknowledged }) => acknowledged === 1);
    expect(heldTexts()).toEqual(['Hello. Are you ready?']);
  });

  it('delivers in the next page what an earlier one could not', async () => {
    const first = newSession();
    await first.start({ consents });
    proxy.override.set('transcript', () => null);
    say(...greeting);
    await collectEvents(first, 'delivery').until(({ pending }) => pending === 1);
    first.destroy();
    proxy.override.clear();
    proxy.status = 'active';
    const second = newSession();
    await second.start({ consents });
    await second.end();
    expect(heldTexts()).toEqual(['Hello. Are you ready?']);
    expect(proxy.of('offer').map(({ reason }) => reason)).toEqual(['start', 'resume']);
    const [complete] = proxy.of('complete');
    expect(Object.values(complete?.writers ?? {})).toEqual([1]);
  });

  it('repeats an offer whose answer was lost under the same id', async () => {
    let dropped = false;
    proxy.override.set('offer', () => {
      dropped = true;
      proxy.override.delete('offer');
      queueMicrotask(() => proxy.cut());
      return null;
    });
    await newSession().start({ consents });
    expect(dropped).toBe(true);
    const offers = proxy.of('offer');
    expect(offers).toHaveLength(2);
    expect(offers[1]).toEqual(offers[0]);
  });

  it('gives the interview to another page and frees the microphone', async () => {
    const session = newSession();
    await session.start({ consents });
    proxy.say({ type: 'end', reason: 'taken_over', close_in_ms: 0 });
    expect(session.state).toBe('failed');
    expect(session.error?.code).toBe('taken_over');
    expect(tracks[0]?.readyState).toBe('ended');
    expect(transport.call.closed).toBe(true);
    expect(proxy.of('complete')).toEqual([]);
  });

  it('fetches a fresh token once when the old one is refused, and then says so', async () => {
    const session = newSession();
    const errors = collectEvents(session, 'error');
    await session.start({ consents });
    proxy.cut(4401);
    await expect.poll(() => proxy.protocols.length).toBe(2);
    expect(proxy.starts.filter((body) => body['step'] === 'start')).toHaveLength(2);
    expect(session.state).toBe('live');
    proxy.startScript.push([403, { error: { code: 'forbidden', message: 'No.' } }]);
    proxy.cut(4401);
    await errors.until(({ error }) => error.code === 'start_refused');
    expect(session.state).toBe('failed');
  });

  it('starts again after a failure, with nothing begun twice', async () => {
    transport.failWith(new InterviewError('connection_failed', 'No way through.'));
    const session = newSession();
    await expect(session.start({ consents })).rejects.toMatchObject({ code: 'connection_failed' });
    expect(session.state).toBe('failed');
    transport.failWith(null);
    await session.start({ consents });
    expect(session.state).toBe('live');
    expect(session.error).toBeNull();
    // The first was let go: nobody is listened to on a page that says that it failed.
    expect(tracks.map(({ readyState }) => readyState)).toEqual(['ended', 'live']);
    const writers = new Set(proxy.of('offer').map(({ writer_id }) => writer_id));
    expect(writers.size).toBe(1);
  });

  it('loses no row to a second start, even where the browser stores nothing', async () => {
    const full = new MemoryStore();
    full.append = () => Promise.reject(new DOMException('Full.', 'QuotaExceededError'));
    const session = newSession({ ports: { openStore: () => Promise.resolve(full) } });
    await session.start({ consents });
    proxy.override.set('transcript', () => null);
    say(...greeting);
    await collectEvents(session, 'delivery').until(({ pending }) => pending === 1);
    expect(session.delivery.kept).toBe('memory');
    transport.failWith(new InterviewError('offer_refused', 'No more calls.'));
    transport.call.lose();
    await collectEvents(session, 'statechange').until(({ state }) => state === 'failed');
    proxy.override.clear();
    transport.failWith(null);
    await session.start({ consents });
    await session.end();
    expect(heldTexts()).toEqual(['Hello. Are you ready?']);
  });

  it.each([
    ['NotAllowedError', 'microphone_denied'],
    ['NotFoundError', 'microphone_missing'],
    ['NotReadableError', 'microphone_busy'],
    ['TypeError', 'microphone_failed'],
  ])('tells %s of the browser as %s and can be asked again', async (name, code) => {
    const works = scene.microphone;
    const cause = new DOMException('The browser says no.', name);
    scene.microphone = () => Promise.reject(cause);
    const session = newSession();
    await expect(session.prepare()).rejects.toMatchObject({ code, cause });
    expect(session.state).toBe('idle');
    scene.microphone = works;
    await session.prepare();
    expect(session.state).toBe('ready');
    expect(session.error).toBeNull();
  });

  it.each([
    [410, 'invitation_expired', 'invitation_expired', false],
    [409, 'invitation_in_use', 'invitation_in_use', false],
    [409, 'consent_outdated', 'consent_required', true],
    [503, 'capacity', 'start_unreachable', true],
    [400, 'bad_request', 'start_refused', false],
  ])('tells a start that was refused with %s %s as %s', async (status, told, code, retryable) => {
    proxy.startScript.push([status, { error: { code: told, message: 'Because.' } }]);
    const session = newSession();
    await expect(session.start({ consents })).rejects.toMatchObject({
      code,
      retryable,
      message: 'Because.',
    });
    expect(session.state).toBe('failed');
  });

  it.each([
    ['invalid_offer', 'offer_refused', false],
    ['upstream_unavailable', 'upstream_unavailable', true],
    ['session_ended', 'session_ended', false],
  ])('tells an offer that was refused as %s', async (told, code, retryable) => {
    proxy.override.set('offer', (message) => {
      const id = 'id' in message ? message.id : '';
      return { type: 'error', id, code: told, message: 'Because.', retryable };
    });
    await expect(newSession().start({ consents })).rejects.toMatchObject({ code, retryable });
  });

  it('gives up on a proxy that cannot be reached', { timeout: 15_000 }, async () => {
    proxy.up = false;
    await expect(newSession().start({ consents })).rejects.toMatchObject({
      code: 'proxy_unreachable',
    });
  });

  it('does not let a listener break the interview', async () => {
    const session = newSession();
    session.on('statechange', () => {
      throw new Error('A fault of the page.');
    });
    await session.start({ consents });
    expect(session.state).toBe('live');
  });

  it('refuses what makes no sense now', async () => {
    const session = newSession();
    await expect(session.end()).rejects.toMatchObject({ code: 'invalid_state' });
    await expect(session.act('skip')).rejects.toMatchObject({ code: 'invalid_state' });
    await session.start({ consents });
    await expect(session.start({ consents })).rejects.toMatchObject({ code: 'invalid_state' });
    expect(session.state).toBe('live');
  });
});

describe('the package', () => {
  it('can be loaded where there is no window', () => {
    expect('window' in globalThis).toBe(false);
    expect(new InterviewSession({ startUrl: 'https://start.test' }).state).toBe('idle');
  });
});
