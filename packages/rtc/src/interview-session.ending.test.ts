import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { IndexedDbStore } from './delivery/indexeddb-store.ts';
import type { InterviewError } from './errors.ts';
import { InterviewSession } from './interview-session.ts';
import { replyBegins, replyEnds } from './testing/conversation-events.ts';
import { consents, ScriptedInterview } from './testing/scripted-interview.ts';

const text = 'Hello. Are you ready?';
const greeting = [
  ...replyBegins('r1', 'a1', null, text),
  ...replyEnds('r1', 'a1', null, text),
  { type: 'output_audio_buffer.stopped', response_id: 'r1' },
];
/** The proxy takes no rows. */
const silence = (): null => null;

let scene: ScriptedInterview;
beforeEach(() => {
  scene = new ScriptedInterview();
});
afterEach(() => {
  scene.close();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

async function live(): Promise<InterviewSession> {
  const session = scene.session();
  await session.start({ consents });
  return session;
}

/** What a promise fails with, while timers are run as fast as they come due. */
async function failureOf(promise: Promise<unknown>): Promise<InterviewError | null> {
  const settled = promise.then(
    () => null,
    (error: unknown) => error as InterviewError,
  );
  let failure: InterviewError | null | undefined;
  void settled.then((value) => (failure = value));
  while (failure === undefined) await vi.advanceTimersByTimeAsync(1_000);
  return failure;
}

/** The call breaks, and no other is to be had. */
async function loseForGood(session: InterviewSession): Promise<void> {
  const { override } = scene.proxy;
  override.set('offer', (message) => {
    const id = 'id' in message ? message.id : '';
    return { type: 'error', id, code: 'invalid_offer', message: 'No.', retryable: false };
  });
  scene.transport.call.lose();
  await expect.poll(() => session.state).toBe('failed');
  override.clear();
}

/** A session whose start failed once it was connected to the proxy. */
async function refusedMicrophone(): Promise<InterviewSession> {
  const answer = Promise.withResolvers<never>();
  scene.microphone = () => answer.promise;
  const session = scene.session();
  const failure = session.start({ consents }).catch((error: unknown) => error);
  await expect.poll(() => scene.proxy.sockets).toBe(1);
  answer.reject(new DOMException('No.', 'NotAllowedError'));
  expect(await failure).toMatchObject({ code: 'microphone_denied' });
  expect(scene.proxy.sockets).toBe(1);
  return session;
}

describe('InterviewSession, at its end', () => {
  it('is completed by a page that comes while the server ends it, with what an earlier one left', async () => {
    scene.proxy.override.set('transcript', silence);
    const first = await live();
    scene.say(...greeting);
    await expect.poll(() => first.delivery.pending).toBe(1);
    first.destroy();
    scene.proxy.override.clear();
    scene.proxy.status = 'ending';
    const second = await live();
    expect(second.state).toBe('completed');
    expect(scene.heldTexts).toEqual([text]);
    expect(scene.proxy.of('offer')).toHaveLength(1);
  });

  it('keeps what was not delivered where the server completes without it, and may be ended again', async () => {
    const session = await live();
    scene.proxy.override.set('transcript', silence);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    scene.say(...greeting);
    expect(await failureOf(session.end())).toMatchObject({ code: 'delivery_failed' });
    expect(session.state).toBe('failed');
    expect(session.delivery.pending).toBe(1);
    scene.proxy.override.clear();
    expect(await failureOf(session.end())).toBeNull();
    expect(session.state).toBe('completed');
    expect(scene.heldTexts).toEqual([text]);
  });

  it('without a network says that it is not delivered, whatever the network said', async () => {
    const session = await live();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    scene.proxy.up = false;
    scene.proxy.cut();
    expect(await failureOf(session.end())).toMatchObject({ code: 'delivery_failed' });
    expect(session.state).toBe('failed');
    scene.proxy.up = true;
    expect(await failureOf(session.end())).toBeNull();
  });

  it('takes the open answer as a turn where the proxy can not be told to end', async () => {
    const session = await live();
    scene.proxy.up = false;
    scene.proxy.cut();
    const { sent } = scene.transport.call;
    session.end().catch(() => undefined);
    await expect.poll(() => sent).toContainEqual({ type: 'input_audio_buffer.commit' });
  });

  it('completes what was begun, also while it is being started again', async () => {
    const session = await live();
    scene.say(...greeting);
    await loseForGood(session);
    const release = scene.transport.holdAnswer();
    const starting = session.start({ consents }).catch((error: unknown) => error);
    await expect.poll(() => session.state).toBe('connecting');
    await session.end();
    expect(session.state).toBe('completed');
    expect(scene.proxy.of('complete')).toHaveLength(1);
    release();
    expect(await starting).toMatchObject({ code: 'aborted' });
  });

  it('is completed, and has not failed, where the server ends it while the call is being made', async () => {
    const release = scene.transport.holdAnswer();
    const session = scene.session();
    const states: string[] = [];
    session.on('statechange', ({ state }) => states.push(state));
    const starting = session.start({ consents });
    await expect.poll(() => scene.proxy.sockets).toBe(1);
    scene.proxy.say({ type: 'end', reason: 'time_up', close_in_ms: 5_000 });
    await starting;
    release();
    expect(states).toEqual(['connecting', 'ending', 'completed']);
    expect(scene.tracks.map(({ readyState }) => readyState)).toEqual(['ended']);
  });

  it('can be ended from the microphone’s check after it failed', async () => {
    const session = await live();
    await loseForGood(session);
    await session.prepare();
    await session.end();
    expect(session.state).toBe('completed');
    expect(scene.tracks.map(({ readyState }) => readyState)).toEqual(['ended', 'ended']);
  });
});

describe('InterviewSession, when the interview is over for the server', () => {
  /** Leaves one row that no page delivered, and a link that leads nowhere any more. */
  async function leaveRow(): Promise<InterviewSession> {
    scene.proxy.override.set('transcript', silence);
    const first = await live();
    scene.say(...greeting);
    await expect.poll(() => first.delivery.pending).toBe(1);
    first.destroy();
    scene.proxy.override.clear();
    const refusal = { error: { code: 'invitation_completed', message: 'Over.' } };
    scene.proxy.startScript.push([410, refusal]);
    return scene.session();
  }

  it('delivers what an earlier page left, and forgets the link', async () => {
    const later = await leaveRow();
    await expect(later.look()).rejects.toMatchObject({ code: 'invitation_completed' });
    await expect.poll(() => InterviewSession.resumable(scene.ports)).toEqual([]);
    expect(scene.heldTexts).toEqual([text]);
  });

  it('tells once that nobody takes it any more, and lets it go', async () => {
    const later = await leaveRow();
    const told: string[] = [];
    later.on('error', ({ error }) => told.push(error.code));
    scene.proxy.override.set('transcript', (message) => {
      const id = 'id' in message ? message.id : '';
      return { type: 'error', id, code: 'delivery_expired', message: 'Late.', retryable: false };
    });
    await expect(later.start({ consents })).rejects.toMatchObject({ code: 'invitation_completed' });
    await expect.poll(() => InterviewSession.resumable(scene.ports)).toEqual([]);
    expect(told).toContain('delivery_expired');
    expect(scene.heldTexts).toEqual([]);
  });

  it('tells that a day has passed, and lets go what nobody took', async () => {
    const later = await leaveRow();
    const told: string[] = [];
    later.on('error', ({ error }) => told.push(error.code));
    vi.useFakeTimers({ now: Date.now() + 25 * 3_600_000, toFake: ['Date'] });
    await expect(later.look()).rejects.toMatchObject({ code: 'invitation_completed' });
    await expect.poll(() => told).toEqual(['delivery_expired']);
    expect(scene.heldTexts).toEqual([]);
  });

  it('keeps what it can not deliver for the next visit', async () => {
    const later = await leaveRow();
    scene.proxy.http = false;
    await expect(later.look()).rejects.toMatchObject({ code: 'invitation_completed' });
    later.destroy();
    expect(await InterviewSession.resumable(scene.ports)).toHaveLength(1);
  });

  it('leaves no timer and no open store behind when it is destroyed before it can deliver', async () => {
    await leaveRow();
    scene.proxy.http = false;
    const close = vi.spyOn(IndexedDbStore.prototype, 'close');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const later = scene.session();
    await expect(later.look()).rejects.toMatchObject({ code: 'invitation_completed' });
    // The deadline of the whole, and the pause after the first try.
    await vi.waitFor(() => expect(vi.getTimerCount()).toBe(2));
    later.destroy();
    await vi.waitFor(() => expect(close).toHaveBeenCalledOnce());
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('InterviewSession, when its start fails', () => {
  it('holds one connection after the next start, and none once it is destroyed', async () => {
    const { microphone } = scene;
    const session = await refusedMicrophone();
    scene.microphone = microphone;
    await session.start({ consents });
    expect(scene.proxy.sockets).toBe(1);
    session.destroy();
    expect(scene.proxy.sockets).toBe(0);
  });

  it('leaves no connection to a session that is destroyed afterwards', async () => {
    const session = await refusedMicrophone();
    session.destroy();
    expect(scene.proxy.sockets).toBe(0);
    expect(scene.pageListeners).toBe(0);
  });

  it('hears the candidate again in the microphone’s check', async () => {
    const session = scene.session();
    scene.transport.failAt('media');
    await expect(session.start({ consents })).rejects.toMatchObject({ code: 'media_timeout' });
    await session.prepare();
    expect(scene.tracks.at(-1)?.enabled).toBe(true);
  });

  it('has called nobody while the browser still asks for the microphone', async () => {
    const allowed = Promise.withResolvers<undefined>();
    const { microphone } = scene;
    scene.microphone = () => allowed.promise.then(microphone);
    const session = scene.session();
    const starting = session.start({ consents });
    await expect.poll(() => scene.proxy.sockets).toBe(1);
    await vi.waitFor(() => expect(scene.transport.attempts).toBe(1));
    expect(scene.proxy.of('offer')).toEqual([]);
    allowed.resolve(undefined);
    await starting;
    expect(scene.proxy.of('offer')).toHaveLength(1);
  });

  it('does not begin again once it is destroyed', async () => {
    const session = scene.session();
    session.destroy();
    await expect(session.start({ consents })).rejects.toMatchObject({ code: 'aborted' });
    expect(scene.proxy.starts).toEqual([]);
  });
});
