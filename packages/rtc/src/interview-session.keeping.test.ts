import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InterviewError } from './errors.ts';
import { InterviewSession } from './interview-session.ts';
import { collectEvents } from './testing/collect-events.ts';
import { replyBegins, replyEnds, speech, transcription } from './testing/conversation-events.ts';
import { consents, ScriptedInterview } from './testing/scripted-interview.ts';

let scene: ScriptedInterview;
beforeEach(() => {
  scene = new ScriptedInterview();
});
afterEach(() => {
  scene.close();
  vi.useRealTimers();
});

async function live(): Promise<InterviewSession> {
  const session = scene.session();
  await session.start({ consents });
  return session;
}

const greeting = [
  ...replyBegins('r1', 'a1', null, 'Hello. Are you ready?'),
  ...replyEnds('r1', 'a1', null, 'Hello. Are you ready?'),
  { type: 'output_audio_buffer.stopped', response_id: 'r1' },
];

describe('InterviewSession, at its start', () => {
  it('asks for the microphone, the session and makes the offer at the same time', async () => {
    const begun = new Set<string>();
    const all = Promise.withResolvers<undefined>();
    const begin = (step: string): Promise<undefined> => {
      if (begun.add(step).size === 3) all.resolve(undefined);
      return all.promise;
    };
    const { microphone, ports } = scene;
    scene.microphone = () => begin('microphone').then(microphone);
    const session = scene.session({
      ports: {
        fetch: (...request) => begin('start').then(() => (ports.fetch as typeof fetch)(...request)),
        connectTransport: (options) => {
          expect(options.track).toBeInstanceOf(Promise);
          void begin('offer');
          return scene.transport.connect(options);
        },
      },
    });
    // Each waits until all were begun: one after the other it would never end.
    await session.start({ consents });
    expect(session.state).toBe('live');
  });

  it('leaves no microphone open when the start is refused while the browser still asks', async () => {
    const track = Promise.withResolvers<undefined>();
    const { microphone } = scene;
    scene.microphone = () => track.promise.then(microphone);
    scene.proxy.startScript.push([410, { error: { code: 'invitation_expired', message: 'x' } }]);
    const session = scene.session();
    await expect(session.start({ consents })).rejects.toMatchObject({ code: 'invitation_expired' });
    track.resolve(undefined);
    await vi.waitFor(() => expect(scene.tracks.map((one) => one.readyState)).toEqual(['ended']));
  });

  it('can be given up: nothing is left of it', async () => {
    scene.proxy.override.set('offer', () => null);
    const session = scene.session();
    const starting = session.start({ consents });
    await vi.waitFor(() => expect(scene.proxy.of('offer')).toHaveLength(1));
    await session.end();
    await expect(starting).rejects.toMatchObject({ code: 'aborted' });
    expect(scene.tracks.map((one) => one.readyState)).toEqual(['ended']);
    expect(scene.pageListeners).toBe(0);
    scene.proxy.override.clear();
    await session.look();
    await session.prepare();
    await session.start({ consents });
    expect(session.state).toBe('live');
  });

  it('speaks through the microphone that was chosen while the call was being made', async () => {
    const session = scene.session();
    await session.prepare();
    scene.proxy.override.set('offer', () => null);
    const starting = session.start({ consents });
    await vi.waitFor(() => expect(scene.proxy.of('offer')).toHaveLength(1));
    await session.setMicrophone('mic-2');
    scene.proxy.override.clear();
    scene.proxy.cut();
    await starting;
    expect(scene.tracks.map((one) => one.readyState)).toEqual(['ended', 'live']);
    expect(scene.transport.call.track).toBe(scene.tracks[1]);
  });

  it('leaves a microphone alone that the candidate let go', async () => {
    const session = scene.session();
    await session.prepare();
    await session.mute({ release: true });
    await session.start({ consents });
    expect(scene.tracks.map((one) => one.readyState)).toEqual(['ended']);
    expect(scene.transport.call.track).toBeNull();
    await session.unmute();
    expect(scene.transport.call.track).toBe(scene.tracks[1]);
  });

  it('holds a written interview without a microphone or sound', async () => {
    const session = scene.session();
    await session.start({ consents, mode: 'text' });
    expect(scene.tracks).toEqual([]);
    expect(scene.proxy.starts.at(-1)).toMatchObject({ mode: 'text' });
    await session.sendText('I design things.');
    expect(scene.proxy.of('text')).toMatchObject([{ text: 'I design things.' }]);
  });

  it('goes on in writing where the interview was begun so, whatever this page thought', async () => {
    const { startReply } = await import('./testing/replies.ts');
    const session = { ...startReply.session, status: 'active', mode: 'text' };
    scene.proxy.startScript.push([200, { ...startReply, session }]);
    const resumed = scene.session();
    await resumed.start({ consents });
    expect(resumed.state).toBe('live');
    expect(scene.tracks.map((one) => one.readyState)).toEqual(['ended']);
  });

  it('begins, and says that rows are kept in memory, where the disk never answers', async () => {
    const hanging = { open: () => ({}) } as unknown as IDBFactory;
    // Digests and files are read in real time, which goes ten times slower here.
    const { setTimeout: real } = globalThis;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const began = Date.now();
    const session = scene.session({ ports: { indexedDB: hanging } });
    const starting = session.start({ consents });
    while (session.state !== 'live') {
      await vi.advanceTimersByTimeAsync(50);
      await new Promise((go) => real(go, 5));
    }
    await starting;
    expect(session.delivery.kept).toBe('memory');
    expect(Date.now() - began).toBeLessThan(12_000);
  });

  it('does not let the interviewer begin before the browser plays, and says that it needs a gesture', async () => {
    let blocked = true;
    const refusal = new DOMException('Click.', 'NotAllowedError');
    const audio = Object.assign(new EventTarget(), {
      play: () => (blocked ? Promise.reject(refusal) : Promise.resolve()),
      pause: () => undefined,
    }) as HTMLAudioElement;
    const session = scene.session({
      ports: {
        createAudio: () => audio,
        connectTransport: (options) => {
          options.handlers.onStream({} as MediaStream);
          return scene.transport.connect(options);
        },
      },
    });
    const errors = collectEvents(session, 'error');
    const starting = session.start({ consents });
    await errors.until(({ error }) => error.code === 'playback_blocked');
    await expect(session.resumePlayback()).rejects.toMatchObject({ code: 'playback_blocked' });
    expect(scene.proxy.of('connected')).toEqual([]);
    blocked = false;
    await session.resumePlayback();
    await starting;
    expect(session.error).toBeNull();
    expect(scene.proxy.of('connected')).toHaveLength(1);
  });

  it('goes by a backend of the page’s own, without an invitation', async () => {
    const { startReply } = await import('./testing/replies.ts');
    const backend = vi.fn(() => Promise.resolve<unknown>(startReply));
    const session = new InterviewSession({ backend, ports: scene.ports });
    await session.start({ consents: [] });
    expect(session.state).toBe('live');
    expect(backend.mock.calls).toHaveLength(1);
    session.destroy();
  });
});

describe('InterviewSession, while it lives', () => {
  it('moves to a new call when the provider falls silent though nothing broke', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'Date'] });
    const session = scene.session();
    const starting = session.start({ consents });
    await vi.advanceTimersByTimeAsync(100);
    await starting;
    scene.say(...greeting);
    await vi.advanceTimersByTimeAsync(20_000);
    const [first] = scene.transport.calls;
    expect(first?.sent).toMatchObject([{ type: 'conversation.item.retrieve' }]);
    await vi.advanceTimersByTimeAsync(11_000);
    expect(first?.closed).toBe(true);
    expect(scene.proxy.of('offer').map(({ reason }) => reason)).toEqual(['start', 'reconnect']);
    expect(session.state).toBe('live');
  });

  it('moves to a new call before the provider ends the old one', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'Date'] });
    const session = scene.session();
    scene.proxy.override.set('connected', (message) => {
      const expires_at = Math.floor(Date.now() / 1000) + 3600;
      scene.say({ type: 'session.created', session: { expires_at } });
      return { type: 'ok', id: 'id' in message ? message.id : '' };
    });
    const starting = session.start({ consents });
    await vi.advanceTimersByTimeAsync(100);
    await starting;
    scene.proxy.override.delete('connected');
    const pass = async (quarters: number): Promise<void> => {
      for (let quarter = 0; quarter < quarters; quarter += 1) {
        await vi.advanceTimersByTimeAsync(15_000);
        scene.say({ type: 'rate_limits.updated', rate_limits: [] });
      }
    };
    await pass(54 * 4);
    expect(scene.transport.calls).toHaveLength(1);
    await pass(6);
    expect(scene.transport.calls).toHaveLength(2);
    expect(session.state).toBe('live');
  });

  it('asks whether the call lives when the network changes, and calls anew when it does not', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'Date'] });
    const session = scene.session();
    const starting = session.start({ consents });
    await vi.advanceTimersByTimeAsync(100);
    await starting;
    scene.page('network');
    await vi.advanceTimersByTimeAsync(4_000);
    scene.say({ type: 'rate_limits.updated', rate_limits: [] });
    await vi.advanceTimersByTimeAsync(4_000);
    expect(scene.transport.calls).toHaveLength(1);
    scene.page('network');
    await vi.advanceTimersByTimeAsync(7_000);
    expect(scene.transport.calls).toHaveLength(2);
    expect(session.state).toBe('live');
  });

  it('tells the proxy when the media go, so that the clock stands, and when they are back', async () => {
    await live();
    const { call } = scene.transport;
    call.trouble(true);
    expect(scene.proxy.of('trouble')).toMatchObject([{ since: 5_000 }]);
    call.trouble(false);
    await vi.waitFor(() => expect(scene.proxy.of('connected')).toHaveLength(2));
  });

  it('tells it once more where the connection to the proxy was gone as well', async () => {
    const session = await live();
    scene.proxy.cut();
    scene.transport.call.trouble(true);
    expect(scene.proxy.of('trouble')).toEqual([]);
    await vi.waitFor(() => expect(scene.proxy.of('trouble')).toHaveLength(1));
    expect(session.state).toBe('live');
  });

  it('tries at once when the network is back, or the candidate says so', async () => {
    const session = await live();
    scene.transport.failWith(new InterviewError('media_timeout', 'No way through.'));
    scene.transport.call.lose();
    const states = collectEvents(session, 'statechange');
    await vi.waitFor(() => expect(scene.proxy.of('offer').length).toBeGreaterThan(2));
    scene.transport.failWith(null);
    session.retryNow();
    await states.until(({ state }) => state === 'live', 1_000);
  });

  it('gives up by the wall clock, and can be started again', async () => {
    let now = 0;
    const session = scene.session({ ports: { now: () => now } });
    await session.start({ consents });
    scene.transport.failWith(new InterviewError('media_timeout', 'No way through.'));
    const states = collectEvents(session, 'statechange');
    scene.transport.call.lose();
    await states.until(({ state }) => state === 'reconnecting');
    // The lid was shut for an hour.
    now += 3_600_000;
    await states.until(({ state }) => state === 'failed', 5_000);
    expect(session.error?.code).toBe('connection_lost');
    expect(scene.tracks.map((one) => one.readyState)).toEqual(['ended']);
    scene.transport.failWith(null);
    await session.start({ consents });
    expect(session.state).toBe('live');
  });

  it('calls nobody any more once it is destroyed, and waits for nothing', async () => {
    const session = await live();
    scene.transport.failWith(new InterviewError('media_timeout', 'No way through.'));
    const lost = collectEvents(session, 'statechange');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    scene.transport.call.lose();
    await lost.until(({ state }) => state === 'reconnecting');
    await vi.waitFor(() => expect(scene.proxy.of('offer').length).toBeGreaterThan(1));
    session.destroy();
    const { length } = scene.proxy.of('offer');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(scene.proxy.of('offer')).toHaveLength(length);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ignores what a call that was given up still has to say', async () => {
    const session = await live();
    const [first] = scene.transport.calls;
    first?.lose();
    await collectEvents(session, 'statechange').until(({ state }) => state === 'live');
    first?.lose('late');
    expect(session.state).toBe('live');
    expect(scene.transport.calls).toHaveLength(2);
  });

  it('is told of a pause by the server, and of none while the media are away', async () => {
    const session = await live();
    scene.proxy.say({ type: 'time', remaining_s: 600, paused: true });
    expect(session.state).toBe('paused');
    scene.proxy.say({ type: 'time', remaining_s: 600, paused: false });
    expect(session.state).toBe('live');
    scene.transport.call.trouble(true);
    scene.proxy.say({ type: 'time', remaining_s: 600, paused: true });
    expect(session.state).toBe('live');
    expect(session.time?.paused).toBe(true);
  });
});

describe('InterviewSession, what a candidate can do', () => {
  it('pauses: silence goes out, and the voice again afterwards', async () => {
    scene.proxy.capabilities.pause = true;
    const session = await live();
    await session.pause();
    expect(session.state).toBe('paused');
    expect(scene.tracks[0]?.enabled).toBe(false);
    await session.unpause();
    expect(session.state).toBe('live');
    expect(scene.tracks[0]?.enabled).toBe(true);
    expect(scene.proxy.received.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['pause', 'unpause']),
    );
  });

  it('says what the interviewer is not able to', async () => {
    scene.proxy.capabilities.pause = false;
    scene.proxy.capabilities.text = false;
    scene.proxy.capabilities.actions = ['done'];
    const session = await live();
    await expect(session.pause()).rejects.toMatchObject({ code: 'unsupported' });
    await expect(session.sendText('x')).rejects.toMatchObject({ code: 'unsupported' });
    await expect(session.act('skip')).rejects.toMatchObject({ code: 'unsupported' });
    await session.act('done');
  });

  it('replays, types and ends turns itself where no supervisor has a channel into the call', async () => {
    scene.proxy.capabilities.supervision = 'none';
    const session = await live();
    expect(scene.transport.call.sent).toEqual([{ type: 'response.create' }]);
    scene.say(...greeting, ...speech('u1', 'a1'), ...transcription('u1', 'Yes, I am.'));
    await session.sendText('And I write.');
    expect(scene.proxy.of('text')).toEqual([]);
    const [, typed, respond] = scene.transport.call.sent;
    expect(typed).toMatchObject({
      item: { content: [{ type: 'input_text', text: 'And I write.' }] },
    });
    expect(respond).toEqual({ type: 'response.create' });
    scene.transport.call.lose();
    await collectEvents(session, 'statechange').until(({ state }) => state === 'live');
    const replayed = scene.transport.call.sent.map((event) => JSON.stringify(event)).join();
    expect(replayed).toMatch(/Hello\. Are you ready\?.*Yes, I am\./);
  });

  it('sets the session itself where the proxy can not, before it asks for the first words', async () => {
    const session = { modalities: ['audio', 'text'], instructions: 'Ask.' };
    scene.proxy.capabilities.supervision = 'none';
    scene.proxy.providerSession = session;
    await live();
    expect(scene.transport.call.sent).toEqual([
      { type: 'session.update', session },
      { type: 'response.create' },
    ]);
  });

  it('asks for a person before the start, and for help while it runs', async () => {
    const session = scene.session();
    scene.proxy.startScript.push([200, { ok: true }]);
    await session.ask('human', 'Please.');
    expect(scene.proxy.starts).toMatchObject([{ step: 'ask', kind: 'human', note: 'Please.' }]);
    await expect(session.ask('help', 'x')).rejects.toMatchObject({ code: 'invalid_state' });
    await session.start({ consents });
    await session.ask('help', 'I hear nothing.');
    expect(scene.proxy.of('ask')).toMatchObject([{ kind: 'help', note: 'I hear nothing.' }]);
  });

  it('corrects a line and says what it thinks, also after the end', async () => {
    const session = await live();
    scene.say(...greeting, ...speech('u1', 'a1'), ...transcription('u1', 'Yes.'));
    const id = session.lines.at(-1)?.id ?? '';
    await session.correct(id, 'Yes, I am.');
    await session.end();
    await session.correct(id, 'Yes, I was.');
    await session.giveFeedback({ rating: 5, text: 'Kind.' });
    expect(scene.proxy.of('correct').map(({ text }) => text)).toEqual([
      'Yes, I am.',
      'Yes, I was.',
    ]);
    expect(scene.proxy.of('feedback')).toMatchObject([{ rating: 5, text: 'Kind.' }]);
  });

  it('corrects a line once it is stored, and says of one that is not the candidate’s that it can not', async () => {
    const session = await live();
    scene.say(...greeting, ...speech('u1', 'a1'), ...transcription('u1', 'Yes.'));
    await session.correct(session.lines.at(-1)?.id ?? '', 'Yes, I am.');
    const types = scene.proxy.received.map(({ type }) => type);
    expect(types.indexOf('correct')).toBeGreaterThan(types.lastIndexOf('transcript'));
    expect(scene.heldTexts).toContain('Yes.');
    scene.proxy.override.set('correct', (message) => {
      const id = 'id' in message ? message.id : '';
      return { type: 'error', id, code: 'forbidden', message: 'No.', retryable: false };
    });
    await expect(session.correct('x', 'y')).rejects.toMatchObject({ code: 'unsupported' });
  });
});

describe('InterviewSession, coming back', () => {
  it('offers an interview that was begun, until it is completed', async () => {
    const first = await live();
    first.destroy();
    const [unfinished] = await InterviewSession.resumable(scene.ports);
    expect(unfinished).toMatchObject({ title: 'Product designer' });
    const { invitation } = unfinished ?? { invitation: '' };
    const second = scene.session({ invitation });
    await second.start({ consents: [] });
    await second.end();
    expect(await InterviewSession.resumable(scene.ports)).toEqual([]);
  });

  it('keeps nothing on a shared computer', async () => {
    const session = scene.session({ remember: false });
    await session.start({ consents });
    expect(session.delivery.kept).toBe('memory');
    expect(await scene.indexedDB.databases()).toEqual([]);
    expect(await InterviewSession.resumable(scene.ports)).toEqual([]);
  });

  it('sends what waits when the page is left', async () => {
    const session = await live();
    scene.proxy.override.set('transcript', () => null);
    scene.say(...greeting);
    await collectEvents(session, 'delivery').until(({ pending }) => pending === 1);
    scene.page('leave');
    await vi.waitFor(() => expect(scene.proxy.flushed).toHaveLength(1));
    expect(session.delivery.pending).toBe(1);
  });
});

describe('InterviewSession, at its end', () => {
  it('declares what it lost, once the server says that it is missing', async () => {
    const session = await live();
    scene.say(...greeting);
    await collectEvents(session, 'delivery').until(({ acknowledged }) => acknowledged === 1);
    let asked = 0;
    scene.proxy.override.set('complete', (message) => {
      const { id, writers } = message as { id: string; writers: Record<string, number> };
      const [writer_id] = Object.keys(writers);
      asked += 1;
      return asked === 1
        ? { type: 'incomplete', id, missing: [{ writer_id, from: 1, to: 1 }] }
        : { type: 'completed', id, status: 'completed' };
    });
    await session.end();
    expect(scene.proxy.of('complete').map(({ lost }) => lost)).toMatchObject([
      [],
      [{ from: 1, to: 1 }],
    ]);
  });

  it('lets go of everything', async () => {
    const session = await live();
    scene.say(...greeting);
    const ending = session.end();
    expect(scene.tracks.map((one) => one.readyState)).toEqual(['ended']);
    await ending;
    expect(scene.pageListeners).toBe(0);
    expect(scene.proxy.sockets).toBe(0);
  });
});
