import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InterviewError } from '../errors.ts';
import { FakePeer } from '../testing/fake-peer.ts';
import type { Transport, TransportOptions } from './transport.ts';
import { webRtcTransport } from './webrtc.ts';

const microphone = { kind: 'audio' } as MediaStreamTrack;
const flush = (): Promise<void> => vi.advanceTimersByTimeAsync(0).then(() => undefined);

/** One attempt on a fake peer, and everything that it told. */
class Attempt {
  readonly peer = new FakePeer();
  readonly abort = new AbortController();
  readonly told: unknown[] = [];
  readonly answer = Promise.withResolvers<string>();
  readonly exchange = vi.fn<TransportOptions['exchange']>(() => this.answer.promise);
  outcome: Transport | InterviewError | undefined;

  begin(options: Partial<TransportOptions> = {}): this {
    webRtcTransport(() => this.peer.asPeer)({
      track: microphone,
      exchange: this.exchange,
      handlers: {
        onMessage: (data) => this.told.push(data),
        onStream: (stream) => this.told.push(stream),
        onTrouble: (hanging) => this.told.push({ hanging }),
        onLost: (cause) => this.told.push({ cause }),
      },
      signal: this.abort.signal,
      ...options,
    }).then(
      (transport) => (this.outcome = transport),
      (error: unknown) => (this.outcome = error as InterviewError),
    );
    return this;
  }

  /** All the way. */
  async connect(options?: Partial<TransportOptions>): Promise<Transport> {
    this.begin(options);
    this.answer.resolve('answer');
    await flush();
    this.peer.become('connected');
    this.peer.channel.open();
    await flush();
    if (!this.outcome || 'code' in this.outcome) throw new Error('It did not connect.');
    return this.outcome;
  }

  get code(): string | undefined {
    return this.outcome instanceof InterviewError ? this.outcome.code : undefined;
  }

  /** Everything that a browser could still bring. */
  bringAll(): void {
    this.peer.channel.say('late');
    this.peer.bringStream({});
    this.peer.become('disconnected');
    this.peer.become('connected');
    this.peer.become('failed');
    this.peer.channel.close();
  }
}

describe('an attempt to connect', () => {
  let attempt: Attempt;

  beforeEach(() => {
    vi.useFakeTimers();
    attempt = new Attempt();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('makes its offer while the microphone and the way to the proxy are still to come', async () => {
    attempt.begin({ track: new Promise<MediaStreamTrack>(() => undefined) });
    await flush();
    expect(attempt.peer.localDescription).toEqual({ sdp: 'offer' });
    expect(attempt.exchange).toHaveBeenCalledWith('offer', expect.any(AbortSignal));
    expect(attempt.peer.tracks).toEqual(['audio']);
  });

  it('puts in a microphone that comes before the answer', async () => {
    await attempt.connect({ track: Promise.resolve(microphone) });
    expect(attempt.peer.tracks).toEqual(['audio', microphone]);
  });

  it('waits for a microphone that comes after everything else', async () => {
    const track = Promise.withResolvers<MediaStreamTrack>();
    attempt.begin({ track: track.promise });
    attempt.answer.resolve('answer');
    await flush();
    attempt.peer.become('connected');
    attempt.peer.channel.open();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(attempt.outcome).toBeUndefined();
    track.resolve(microphone);
    await flush();
    expect(attempt.outcome).toBeDefined();
    expect(attempt.peer.tracks).toEqual(['audio', microphone]);
  });

  it('fails with the very reason why there is no microphone', async () => {
    const denied = new InterviewError('microphone_denied', 'No.');
    const track = Promise.withResolvers<MediaStreamTrack>();
    attempt.begin({ track: track.promise });
    await flush();
    track.reject(denied);
    await flush();
    expect(attempt.outcome).toBe(denied);
    expect(attempt.peer.closed).toBe(true);
    expect(attempt.exchange.mock.calls[0]?.[1].aborted).toBe(true);
  });

  it('asks for no microphone where there is none to come', async () => {
    await attempt.connect({ track: null });
    expect(attempt.peer.tracks).toEqual(['audio']);
  });

  it('fails with offer_timeout when the browser makes no offer in 5 s', async () => {
    attempt.peer.offered = new Promise(() => undefined);
    attempt.begin();
    await vi.advanceTimersByTimeAsync(4_999);
    expect(attempt.outcome).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(attempt.code).toBe('offer_timeout');
    expect(attempt.exchange).not.toHaveBeenCalled();
  });

  it('gives the exchange the time that it takes', async () => {
    attempt.begin();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(attempt.outcome).toBeUndefined();
  });

  it('fails with media_timeout when ICE and DTLS are not connected 15 s after the answer', async () => {
    attempt.begin().answer.resolve('answer');
    await flush();
    attempt.peer.become('connecting');
    await vi.advanceTimersByTimeAsync(14_999);
    expect(attempt.outcome).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(attempt.code).toBe('media_timeout');
    expect(attempt.peer.closed).toBe(true);
  });

  it('fails with channel_timeout when the channel is not open 5 s after the media', async () => {
    attempt.begin().answer.resolve('answer');
    await vi.advanceTimersByTimeAsync(14_000);
    attempt.peer.become('connected');
    await vi.advanceTimersByTimeAsync(4_999);
    expect(attempt.outcome).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(attempt.code).toBe('channel_timeout');
    expect(attempt.peer.closed).toBe(true);
  });

  it('fails at once where ICE found no way, and where the other side closed the channel', async () => {
    attempt.begin().answer.resolve('answer');
    await flush();
    attempt.peer.become('failed');
    await flush();
    expect(attempt.code).toBe('connection_failed');
    const other = new Attempt().begin();
    other.answer.resolve('answer');
    await flush();
    other.peer.become('connected');
    other.peer.channel.close();
    await flush();
    expect(other.code).toBe('connection_failed');
    expect([attempt.told, other.told]).toEqual([[], []]);
  });

  it('ends wherever it is given up, and posts no offer after that', async () => {
    // Every gap between two steps is somewhere among these moments.
    for (let moment = 0; moment < 60; moment++) {
      const one = new Attempt();
      const abortedBefore: boolean[] = [];
      one.exchange.mockImplementation((_, { aborted }) => {
        abortedBefore.push(aborted);
        return Promise.resolve('answer');
      });
      one.peer.connectionState = 'connected';
      one.begin();
      for (let passed = 0; passed < moment; passed++) await Promise.resolve();
      one.abort.abort();
      await flush();
      expect(one.code, `moment ${moment}`).toBe('aborted');
      expect(abortedBefore).not.toContain(true);
    }
  });

  it('makes no connection for a signal that was aborted before', async () => {
    attempt.abort.abort();
    const createPeer = vi.fn(() => attempt.peer.asPeer);
    const { handlers } = quiet;
    const options = { track: null, exchange: attempt.exchange, handlers };
    const failed = webRtcTransport(createPeer)({ ...options, signal: attempt.abort.signal });
    await expect(failed).rejects.toMatchObject({ code: 'aborted' });
    expect(createPeer).not.toHaveBeenCalled();
  });

  it.each(['offer', 'answer', 'media', 'channel', 'microphone'])(
    'stops in the step «%s» when it is given up, and tells nothing after that',
    async (step) => {
      if (step === 'offer') attempt.peer.offered = new Promise(() => undefined);
      attempt.begin(step === 'microphone' ? { track: new Promise(() => undefined) } : {});
      if (step !== 'answer') attempt.answer.resolve('answer');
      await flush();
      if (step === 'channel' || step === 'microphone') attempt.peer.become('connected');
      if (step === 'microphone') attempt.peer.channel.open();
      await flush();
      attempt.abort.abort();
      await flush();
      expect(attempt.code).toBe('aborted');
      expect(attempt.peer.closed).toBe(true);
      expect(vi.getTimerCount()).toBe(0);
      attempt.bringAll();
      await vi.advanceTimersByTimeAsync(60_000);
      expect(attempt.told).toEqual([]);
    },
  );
});

describe('a connected transport', () => {
  let attempt: Attempt;
  let transport: Transport;

  beforeEach(async () => {
    vi.useFakeTimers();
    attempt = new Attempt();
    transport = await attempt.connect();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('tells what comes', () => {
    attempt.peer.channel.say('{}');
    const stream = {};
    attempt.peer.bringStream(stream);
    attempt.peer.become('disconnected');
    attempt.peer.become('connected');
    expect(attempt.told).toEqual(['{}', stream, { hanging: true }, { hanging: false }]);
  });

  it.each([
    ['closed', (): void => transport.close()],
    ['given up', (): void => attempt.abort.abort()],
  ])('tells nothing more once it is %s, whatever the browser still brings', async (_, end) => {
    attempt.peer.become('disconnected');
    attempt.told.length = 0;
    end();
    expect(vi.getTimerCount()).toBe(0);
    expect(transport.send({})).toBe(false);
    expect(attempt.peer.channel.sent).toEqual([]);
    attempt.bringAll();
    transport.networkChanged();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(attempt.told).toEqual([]);
  });

  it('hangs up what was lost and tells nothing more, although messages may still come', async () => {
    attempt.peer.become('failed');
    expect(attempt.told).toEqual([{ cause: 'connection failed' }]);
    expect(attempt.peer.closed).toBe(true);
    attempt.bringAll();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(attempt.told).toHaveLength(1);
    expect(transport.send({})).toBe(false);
  });

  it('is lost at once when it hangs and the network is another', () => {
    transport.networkChanged();
    expect(attempt.told).toEqual([]);
    attempt.peer.become('disconnected');
    transport.networkChanged();
    expect(attempt.told).toEqual([{ hanging: true }, { cause: 'network changed' }]);
  });

  it('keeps its end to itself: a newer attempt goes on', async () => {
    const newer = new Attempt();
    const second = await newer.connect();
    transport.close();
    attempt.bringAll();
    newer.peer.channel.say('new');
    expect(newer.told).toEqual(['new']);
    expect(newer.peer.closed).toBe(false);
    expect(second.send({ type: 'x' })).toBe(true);
  });
});

const nothing = (): void => undefined;
const quiet = {
  handlers: { onMessage: nothing, onStream: nothing, onTrouble: nothing, onLost: nothing },
};
