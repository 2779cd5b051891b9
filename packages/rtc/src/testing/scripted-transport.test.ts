import { beforeEach, describe, expect, it } from 'vitest';
import { InterviewError } from '../errors.ts';
import type { Transport, TransportOptions } from '../transport/transport.ts';
import {
  scriptedTransport,
  type ScriptedStep,
  type ScriptedTransport,
} from './scripted-transport.ts';

const microphone = { kind: 'audio' } as MediaStreamTrack;
const flush = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

describe('scriptedTransport', () => {
  let transport: ScriptedTransport;
  let told: unknown[];
  let offers: string[];
  let abort: AbortController;

  beforeEach(() => {
    transport = scriptedTransport('offer');
    told = [];
    offers = [];
    abort = new AbortController();
  });

  const connect = (options: Partial<TransportOptions> = {}): Promise<Transport> =>
    transport.connect({
      track: microphone,
      exchange: (sdp) => {
        offers.push(sdp);
        return Promise.resolve('answer');
      },
      handlers: {
        onMessage: (data) => told.push(data),
        onStream: (stream) => told.push(stream),
        onTrouble: (hanging) => told.push({ hanging }),
        onLost: (cause) => told.push({ cause }),
      },
      signal: abort.signal,
      ...options,
    });

  it('exchanges an offer, keeps what is sent and says what it is told to', async () => {
    const call = await connect();
    expect(offers).toEqual(['offer']);
    expect(call.send({ type: 'x' })).toBe(true);
    transport.call.say({ type: 'y' });
    const stream = {} as MediaStream;
    transport.call.bringStream(stream);
    expect(transport.call).toMatchObject({ sent: [{ type: 'x' }], track: microphone });
    expect(told).toEqual(['{"type":"y"}', stream]);
    const stats: RTCStatsReport = new Map([['T', { id: 'T' }]]);
    transport.call.stats = stats;
    expect(await call.getStats()).toBe(stats);
  });

  it.each<[ScriptedStep, string, string[]]>([
    ['offer', 'offer_timeout', []],
    ['answer', 'connection_failed', ['offer']],
    ['media', 'media_timeout', ['offer']],
    ['channel', 'channel_timeout', ['offer']],
  ])('fails in the step «%s» until it is told to pass', async (step, code, exchanged) => {
    transport.failAt(step);
    await expect(connect()).rejects.toMatchObject({ code });
    expect(offers).toEqual(exchanged);
    const own = new Error('own');
    transport.failAt(step, own);
    await expect(connect()).rejects.toBe(own);
    transport.failWith(null);
    await connect();
    expect(transport.attempts).toBe(3);
    expect(transport.calls).toHaveLength(1);
  });

  it('keeps the answer back until it is let through', async () => {
    const release = transport.holdAnswer();
    const connecting = connect();
    await flush();
    expect([offers, transport.calls]).toEqual([['offer'], []]);
    release();
    await connecting;
    expect(transport.calls).toHaveLength(1);
  });

  it('can be given up in any step, and tells the exchange', async () => {
    transport.holdAnswer();
    const held = connect();
    abort.abort();
    await expect(held).rejects.toMatchObject({ code: 'aborted' });
    await expect(connect()).rejects.toMatchObject({ code: 'aborted' });
    expect(offers).toEqual(['offer']);
  });

  it('takes a microphone that comes later, and fails as it does', async () => {
    await connect({ track: Promise.resolve(microphone) });
    expect(transport.call.track).toBe(microphone);
    const denied = new InterviewError('microphone_denied', 'No.');
    let signal: AbortSignal | undefined;
    const exchange: TransportOptions['exchange'] = (_, given) => {
      signal = given;
      return new Promise(() => undefined);
    };
    const failing = connect({ track: Promise.reject(denied), exchange });
    await expect(failing).rejects.toBe(denied);
    expect(signal?.aborted).toBe(true);
  });

  it('hangs, comes back, and is lost with its network only while it hangs', async () => {
    const call = await connect();
    transport.call.trouble(true);
    transport.call.trouble(false);
    call.networkChanged();
    transport.call.trouble(true);
    call.networkChanged();
    expect(told).toEqual([
      { hanging: true },
      { hanging: false },
      { hanging: true },
      { cause: 'network changed' },
    ]);
  });

  it.each([
    ['was lost', (): void => transport.call.lose()],
    ['was given up', (): void => abort.abort()],
  ])('tells nothing more once it %s', async (_, end) => {
    const call = await connect();
    end();
    told.length = 0;
    transport.call.trouble(true);
    transport.call.bringStream({} as MediaStream);
    transport.call.lose();
    call.networkChanged();
    expect(() => transport.call.say({ type: 'x' })).toThrow('over');
    expect(told).toEqual([]);
    expect(call.send({ type: 'x' })).toBe(false);
    expect(transport.call.closed).toBe(true);
  });
});
