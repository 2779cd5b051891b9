import type { ServerMessage, WriterId } from '@interview/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InterviewError } from '../errors.ts';
import { silentLogger } from '../logger.ts';
import { refusal, ScriptedNetwork } from '../testing/scripted-network.ts';
// The signaller loads it on demand, which takes time of a clock that is held here.
import './http.ts';
import { ProxySignaller, type ProxySignallerOptions } from './proxy-signaller.ts';

const writerId = 'b_0123456789abcdef' as WriterId;
const LIFE_S = 600;
/** A token that lives for ten minutes, whatever it is called. */
const token = (name: string, lifeS = LIFE_S): string =>
  `${name}.${btoa(JSON.stringify({ iat: 1000, exp: 1000 + lifeS }))}.s`;
const offer = { type: 'offer', sdp: 'v=0', writer_id: writerId, reason: 'start' } as const;
/** Going on to the next door takes no time but that of a timer, milliseconds. */
const HOPS_MS = 10;
const address = (host: string): { ws: string; http: string } => ({
  ws: `wss://${host}.test/ws`,
  http: `https://${host}.test/`,
});

let network: ScriptedNetwork;
let signaller: ProxySignaller;
let told: string[];
let messages: ServerMessage[];
let refused: InterviewError | null;
let renew: ReturnType<typeof vi.fn<() => Promise<string>>>;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_800_000_000_000 });
  network = new ScriptedNetwork();
  told = [];
  messages = [];
  refused = null;
  renew = vi.fn(() => Promise.resolve(token('renewed')));
});
afterEach(() => {
  signaller.close();
  vi.useRealTimers();
});

function newSignaller(options: Partial<ProxySignallerOptions> = {}): ProxySignaller {
  signaller = new ProxySignaller({
    addresses: [address('a')],
    token: token('first'),
    writerId,
    renew,
    ports: {
      fetch: network.fetch,
      WebSocket: network.WebSocket,
      now: () => Date.now(),
      random: () => 0,
    },
    logger: silentLogger,
    handlers: {
      onReady: () => told.push('ready'),
      onDown: () => told.push('down'),
      onMessage: (message) => messages.push(message),
      onRefused: (error) => (refused = error),
    },
    ...options,
  });
  return signaller;
}

/** Lets `ms` pass, and what happens in it. */
async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  // Streams take some turns of their own.
  for (let turn = 0; turn < 20; turn++) await vi.advanceTimersByTimeAsync(0);
}

async function connected(options: Partial<ProxySignallerOptions> = {}): Promise<ProxySignaller> {
  newSignaller(options).connect(new AbortController().signal);
  await pass(HOPS_MS);
  expect(told).toEqual(['ready']);
  return signaller;
}

/** The computer sleeps: the clock on the wall goes on, timers stand still. */
function sleep(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
}

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof InterviewError ? error.code : String(error)),
  );

describe('a signaller on a socket', () => {
  it('names the page in the address, and puts the token in the subprotocol', async () => {
    await connected();
    const [first] = network.tried;
    expect(first?.url.href).toBe(`wss://a.test/ws?writer_id=${writerId}`);
    expect(first?.token).toBe(token('first'));
    expect(signaller.serverClockOffsetMs).toBe(5_000);
  });

  it('gets the reply of the same id, and hands on what it did not ask for', async () => {
    await connected();
    const reply = await signaller.request({ type: 'action', kind: 'done' }, 1_000, 'mine');
    expect(reply).toEqual({ type: 'ok', id: 'mine' });
    network.say({ type: 'time', remaining_s: 5, paused: false });
    expect(messages).toEqual([{ type: 'time', remaining_s: 5, paused: false }]);
  });

  it('sends an offer with the opening of the first socket, and nothing else before it is ready', async () => {
    newSignaller().connect(new AbortController().signal);
    const offered = signaller.request(offer, 1_000, 'mine');
    const action = codeOf(signaller.request({ type: 'action', kind: 'done' }, 1_000));
    expect(network.received).toEqual([]);
    await pass(HOPS_MS);
    expect(await action).toBe('proxy_unreachable');
    expect(await offered).toEqual({ type: 'ok', id: 'mine' });
    expect(network.received).toEqual([{ ...offer, id: 'mine' }]);
  });

  it('tells at once that an offer met a closed door, and takes the next when another is open', async () => {
    network.sockets = 'refused';
    newSignaller().connect(new AbortController().signal);
    const offered = codeOf(signaller.request(offer, 60_000));
    await pass(0);
    expect(await offered).toBe('proxy_unreachable');
    await pass(HOPS_MS);
    expect(told).toEqual(['ready']);
    expect(await signaller.request(offer, 1_000, 'again')).toEqual({ type: 'ok', id: 'again' });
  });

  it('tells a deadline from a loss', async () => {
    await connected();
    network.answer = () => null;
    const late = codeOf(signaller.request({ type: 'action', kind: 'done' }, 1_000));
    await pass(1_000);
    expect(await late).toBe('proxy_timeout');
    const lost = codeOf(signaller.request({ type: 'action', kind: 'done' }, 1_000));
    network.cut();
    expect(await lost).toBe('proxy_unreachable');
    expect(await codeOf(signaller.request({ type: 'action', kind: 'done' }, 1_000))).toBe(
      'proxy_unreachable',
    );
  });

  it('rejects with what the proxy said', async () => {
    await connected();
    network.answer = (message) => ({
      type: 'error',
      id: 'id' in message ? message.id : undefined,
      code: 'upstream_rate_limited',
      message: 'Later.',
      retryable: true,
      retry_after_ms: 7_000,
    });
    const error = await signaller
      .request({ type: 'action', kind: 'done' }, 1_000)
      .catch((caught: unknown) => caught as InterviewError);
    expect(error).toMatchObject({
      code: 'upstream_unavailable',
      retryable: true,
      cause: { retry_after_ms: 7_000 },
    });
    // It concerned the request: the connection, when it breaks, comes back at once.
    network.cut();
    await pass(HOPS_MS);
    expect(told).toEqual(['ready', 'down', 'ready']);
  });

  it('asks every 15 s whether the proxy lives, and connects anew when it does not', async () => {
    await connected();
    await pass(45_000);
    expect(network.types).toEqual(['ping', 'ping', 'ping']);
    network.answer = () => null;
    await pass(15_000 + 9_900);
    expect(told).toEqual(['ready']);
    await pass(100);
    expect(told).toEqual(['ready', 'down', 'ready']);
  });

  it('waits longer and longer, and comes back by the same door after a restart', async () => {
    await connected();
    network.sockets = 'refused';
    network.cut(1006);
    await pass(0);
    expect(network.doors).toEqual(['socket a.test', 'socket a.test']);
    await pass(299);
    expect(network.doors).toHaveLength(2);
    await pass(1);
    expect(network.doors).toHaveLength(3);
    network.sockets = 'open';
    await pass(1_200);
    expect(told).toEqual(['ready', 'down', 'ready']);
    expect(new Set(network.doors)).toEqual(new Set(['socket a.test']));
  });

  it('goes through another door when its own stays shut', async () => {
    await connected();
    network.sockets = 'refused';
    network.cut();
    await pass(10_000);
    expect(told).toEqual(['ready', 'down', 'ready']);
    expect(network.doors.at(-1)).toBe('stream a.test');
  });

  it('leaves nothing behind when it is closed', async () => {
    await connected();
    const open = codeOf(signaller.request({ type: 'pause' }, 60_000));
    signaller.close();
    await open;
    await pass(0);
    expect(vi.getTimerCount()).toBe(0);
    expect(network.connections).toBe(0);
    expect(await codeOf(signaller.whenReady(1))).toBe('aborted');
    signaller.wake();
    await pass(60_000);
    expect(network.doors).toHaveLength(1);
  });
});

describe('a network without WebSocket', () => {
  it.each(['refused', 'hangs', 'throws', 'forbidden'] as const)(
    'is spoken with over HTTP (socket: %s)',
    async (sockets) => {
      network.sockets = sockets;
      newSignaller().connect(new AbortController().signal);
      await pass(sockets === 'hangs' ? 5_000 + HOPS_MS : HOPS_MS);
      expect(told).toEqual(['ready']);
      expect(network.doors).toEqual(['socket a.test', 'stream a.test']);
      const reply = await signaller.request({ type: 'action', kind: 'done' }, 1_000, 'mine');
      expect(reply).toEqual({ type: 'ok', id: 'mine' });
      signaller.notify({ type: 'quality', rtt_ms: 20 });
      await pass(0);
      expect(network.types).toEqual(['action', 'quality']);
      expect(network.requests.every(({ token: held }) => held === token('first'))).toBe(true);
      expect(network.requests.map(({ url }) => url.searchParams.get('writer_id'))).toEqual([
        writerId,
        writerId,
        writerId,
      ]);
      network.say({ type: 'time', remaining_s: 5, paused: false });
      await pass(0);
      expect(messages).toEqual([{ type: 'time', remaining_s: 5, paused: false }]);
    },
  );

  it('may cut events anywhere', async () => {
    network.sockets = 'refused';
    await connected();
    for (const piece of [':\n', '\nda', 'ta: {"type":"drain"', ',"retry_after_ms":1}', '\n\n:']) {
      network.sayRaw(piece);
      await pass(0);
    }
    expect(messages).toEqual([{ type: 'drain', retry_after_ms: 1 }]);
  });

  it('that holds streams back is looked through every 5 s', async () => {
    network.sockets = 'refused';
    network.streams = 'hangs';
    network.standing = [{ type: 'time', remaining_s: 9, paused: false }];
    newSignaller().connect(new AbortController().signal);
    await pass(5_000 + HOPS_MS);
    expect(told).toEqual(['ready']);
    expect(network.doors).toEqual(['socket a.test', 'stream a.test', 'look a.test']);
    await pass(5_000);
    await pass(5_000);
    expect(network.doors).toHaveLength(5);
    expect(told).toEqual(['ready']);
    // Told once as long as nothing changes.
    expect(messages).toEqual([{ type: 'time', remaining_s: 9, paused: false }]);
    const end = { type: 'end', reason: 'taken_over', close_in_ms: 0 };
    network.standing = [...network.standing, end];
    await pass(5_000);
    expect(messages.at(-1)).toEqual(end);
    expect(await signaller.request({ type: 'pause' }, 1_000, 'mine')).toEqual({
      type: 'ok',
      id: 'mine',
    });
  });

  it('that fails while it is looked through is connected anew', async () => {
    network.sockets = 'refused';
    network.streams = 'refused';
    await connected();
    network.looks = 'refused';
    await pass(5_000);
    expect(told).toEqual(['ready', 'down']);
    network.looks = 'open';
    await pass(1_500);
    expect(told).toEqual(['ready', 'down', 'ready']);
  });

  it('whose stream has died unnoticed is found out by its quiet', async () => {
    network.sockets = 'refused';
    await connected();
    await pass(15_000);
    network.sayRaw(':\n\n');
    await pass(30_000);
    expect(told).toEqual(['ready']);
    await pass(15_000 + HOPS_MS);
    expect(told).toEqual(['ready', 'down', 'ready']);
  });

  it('rejects a request with what the proxy said, by its status and Retry-After', async () => {
    network.sockets = 'refused';
    await connected();
    network.answer = () => refusal(503, 'capacity', { retryable: true, retryAfterS: 3 });
    const error = await signaller
      .request({ type: 'action', kind: 'done' }, 1_000)
      .catch((caught: unknown) => caught as InterviewError);
    expect(error).toMatchObject({
      code: 'upstream_unavailable',
      cause: { code: 'capacity', retry_after_ms: 3_000 },
    });
    expect(told).toEqual(['ready']);
  });

  it('that answers for the proxy makes the outcome unknown, not refused', async () => {
    network.sockets = 'refused';
    await connected();
    network.answer = () => new Response('<html>', { status: 502 });
    expect(await codeOf(signaller.request({ type: 'action', kind: 'done' }, 1_000))).toBe(
      'proxy_unreachable',
    );
    expect(told).toEqual(['ready', 'down']);
  });
});

describe('a proxy that will not have the page', () => {
  it.each([
    [403, 'origin_not_allowed', 'start_refused'],
    [409, 'session_ended', 'session_ended'],
    [410, 'delivery_expired', 'delivery_expired'],
  ])('tells why by %d %s', async (status, code, expected) => {
    network.sockets = 'refused';
    network.refusal = () => refusal(status, code);
    newSignaller().connect(new AbortController().signal);
    await pass(HOPS_MS);
    expect(refused).toMatchObject({ code: expected, cause: { code } });
    expect(await codeOf(signaller.whenReady(1))).toBe(expected);
    await pass(60_000);
    expect(network.doors).toHaveLength(2);
  });

  it('is asked again when it wants to be', async () => {
    network.sockets = 'refused';
    network.refusal = () =>
      refusal(503, 'storage_unavailable', { retryable: true, retryAfterS: 4 });
    newSignaller().connect(new AbortController().signal);
    await pass(3_990);
    expect(network.doors).toHaveLength(2);
    network.refusal = null;
    await pass(10 + HOPS_MS);
    expect(told).toEqual(['ready']);
  });

  it('is told by its socket’s close when it is final', async () => {
    await connected();
    network.say({ type: 'error', code: 'session_ended', message: 'Over.', retryable: false });
    network.cut(4410);
    await pass(0);
    expect(refused).toMatchObject({ code: 'session_ended' });
    expect(network.doors).toHaveLength(1);
    expect(messages).toEqual([]);
  });

  it('may refuse a word without ending what it has begun', async () => {
    await connected();
    network.say({ type: 'error', code: 'unknown_message', message: 'What?', retryable: false });
    network.cut();
    await pass(HOPS_MS);
    expect(told).toEqual(['ready', 'down', 'ready']);
  });
});

describe('several proxies', () => {
  it('are tried in order, and the one that answered comes first from then on', async () => {
    network.absent.add('a.test');
    await connected({ addresses: [address('a'), address('b')] });
    expect(network.doors).toEqual([
      'socket a.test',
      'stream a.test',
      'look a.test',
      'socket b.test',
    ]);
    network.absent.clear();
    network.cut();
    await pass(0);
    expect(network.doors.at(-1)).toBe('socket b.test');
    expect(told).toEqual(['ready', 'down', 'ready']);
  });

  it('of which none is there are given up after some rounds', async () => {
    network.absent.add('a.test');
    newSignaller().connect(new AbortController().signal);
    const ready = codeOf(signaller.whenReady(60_000));
    await pass(8_990);
    expect(refused).toBeNull();
    await pass(50);
    expect(refused).toMatchObject({ code: 'proxy_unreachable' });
    expect(await ready).toBe('proxy_unreachable');
    expect(network.doors).toHaveLength(15);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('of which none answers are given up after 20 s', async () => {
    network.sockets = 'hangs';
    network.streams = 'hangs';
    network.looks = 'refused';
    newSignaller().connect(new AbortController().signal);
    await pass(19_999);
    expect(refused).toBeNull();
    await pass(1);
    expect(refused).toMatchObject({ code: 'proxy_timeout' });
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a proxy that restarts', () => {
  it.each(['open', 'refused'] as const)(
    'is left alone for as long as it says, with sockets %s',
    async (sockets) => {
      network.sockets = sockets;
      await connected({ ports: { ...portsOf(network), random: () => 0.5 } });
      network.say({ type: 'drain', retry_after_ms: 2_000 });
      await pass(0);
      network.answer = () => null;
      const waiting = codeOf(signaller.request({ type: 'action', kind: 'done' }, 60_000));
      await pass(0);
      const before = network.doors.length;
      network.cut(1012);
      if (sockets === 'open') expect(await waiting).toBe('proxy_unreachable');
      await pass(2_499);
      signaller.wake();
      await pass(0);
      expect(network.doors).toHaveLength(before);
      await pass(1);
      expect(network.doors).toHaveLength(before + 1);
      expect(told).toEqual(['ready', 'down', 'ready']);
      // That was said of the restart, and holds for nothing after it.
      network.cut();
      await pass(HOPS_MS);
      expect(told).toEqual(['ready', 'down', 'ready', 'down', 'ready']);
    },
  );
});

describe('the token', () => {
  it('is renewed at 60 % of its life, and the new one is used', async () => {
    network.sockets = 'refused';
    await connected();
    network.answer = (message) =>
      message.type === 'refresh'
        ? { type: 'token', token: token('second'), expires_at: 1 }
        : { type: 'pong', id: 'ping' };
    const quiet = setInterval(() => network.sayRaw(':\n\n'), 15_000);
    await pass(359_980);
    expect(network.types).not.toContain('refresh');
    await pass(20);
    clearInterval(quiet);
    expect(network.types.filter((type) => type === 'refresh')).toHaveLength(1);
    signaller.notify({ type: 'quality' });
    await pass(0);
    expect(network.requests.at(-1)?.token).toBe(token('second'));
    expect(messages).toEqual([]);
  });

  it('is asked for again when no answer comes', async () => {
    await connected();
    await pass(360_000 + 30_000);
    expect(network.types.filter((type) => type === 'refresh')).toHaveLength(3);
  });

  it('that got old in sleep is renewed at once on waking', async () => {
    await connected();
    sleep(400_000);
    signaller.wake();
    expect(network.types).toEqual(['refresh', 'ping']);
  });

  it('that ran out in sleep is fetched anew before connecting', async () => {
    await connected();
    sleep(3_600_000);
    signaller.wake();
    await pass(0);
    expect(renew).toHaveBeenCalledTimes(1);
    expect(told).toEqual(['ready', 'down', 'ready']);
    expect(network.tried.at(-1)?.token).toBe(token('renewed'));
  });

  it('that the proxy refuses is fetched anew, once', async () => {
    await connected();
    network.cut(4401);
    await pass(HOPS_MS);
    expect(told).toEqual(['ready', 'down', 'ready']);
    expect(renew).toHaveBeenCalledTimes(1);
    network.sockets = 'refused';
    network.refusal = () => refusal(401, 'token_invalid');
    network.cut(4401);
    await pass(20_000);
    expect(renew).toHaveBeenCalledTimes(2);
    expect(refused).toMatchObject({ code: 'token_refused' });
  });

  it('that a request over HTTP finds refused is fetched anew', async () => {
    network.sockets = 'refused';
    await connected();
    network.answer = () => refusal(401, 'token_expired');
    const asked = codeOf(signaller.request({ type: 'pause' }, 1_000));
    expect(await asked).toBe('token_refused');
    await pass(0);
    expect(renew).toHaveBeenCalledTimes(1);
    expect(told).toEqual(['ready', 'down', 'ready']);
    expect(network.tried.at(-1)?.token).toBe(token('renewed'));
  });

  it('is fetched when the machine of the session is gone', async () => {
    network.sockets = 'refused';
    network.refusal = () => refusal(410, 'machine_gone', { retryable: true });
    renew.mockImplementation(() => {
      network.refusal = null;
      return Promise.resolve(token('renewed'));
    });
    await connected();
    expect(network.tried.at(-1)?.token).toBe(token('renewed'));
  });

  it('that is gone while nobody can be asked is asked for until somebody can', async () => {
    await connected();
    renew.mockRejectedValueOnce(new InterviewError('start_unreachable', 'No network.'));
    network.cut(4401);
    await pass(0);
    expect(told).toEqual(['ready', 'down']);
    await pass(300);
    expect(renew).toHaveBeenCalledTimes(2);
    expect(told).toEqual(['ready', 'down', 'ready']);
  });

  it('that ran out and is not given again still delivers what was said', async () => {
    await connected();
    renew.mockRejectedValue(new InterviewError('invitation_completed', 'It is over.'));
    sleep(3_600_000);
    signaller.wake();
    await pass(HOPS_MS);
    expect(told).toEqual(['ready', 'down', 'ready']);
    expect(network.tried.at(-1)?.token).toBe(token('first'));
    const rows = { type: 'transcript', writer_id: writerId, entries: [{}] } as never;
    expect(await signaller.request(rows, 1_000, 't')).toEqual({ type: 'ok', id: 't' });
    expect(await codeOf(signaller.request({ type: 'pause' }, 1_000))).toBe('invitation_completed');
    await pass(60_000);
    expect(network.types).not.toContain('refresh');
    network.cut(4401);
    await pass(0);
    expect(refused).toMatchObject({ code: 'invitation_completed' });
  });
});

describe('waking', () => {
  it('finds a dead connection within 3 s', async () => {
    await connected();
    network.answer = () => null;
    signaller.wake();
    await pass(2_990);
    expect(told).toEqual(['ready']);
    await pass(10 + HOPS_MS);
    expect(told).toEqual(['ready', 'down', 'ready']);
  });

  it('finds a stream that slept dead at once', async () => {
    network.sockets = 'refused';
    await connected();
    sleep(60_000);
    signaller.wake();
    await pass(HOPS_MS);
    expect(told).toEqual(['ready', 'down', 'ready']);
  });

  it('does not wait any longer', async () => {
    await connected();
    network.sockets = 'refused';
    network.cut();
    await pass(1_600);
    network.sockets = 'open';
    const before = network.doors.length;
    signaller.wake();
    await pass(0);
    expect(network.doors).toHaveLength(before + 1);
    expect(told).toEqual(['ready', 'down', 'ready']);
  });

  it('gives an attempt up that hangs since before', async () => {
    await connected();
    network.sockets = 'hangs';
    network.cut();
    await pass(100);
    signaller.wake();
    await pass(0);
    expect(network.doors).toHaveLength(2);
    sleep(60_000);
    network.sockets = 'open';
    signaller.wake();
    await pass(300);
    expect(told).toEqual(['ready', 'down', 'ready']);
  });
});

describe('what goes by HTTP whatever the connection', () => {
  it('is a flush: kept alive, with the token, never awaited', async () => {
    await connected();
    signaller.flush({ type: 'pause' });
    await pass(0);
    expect(network.requests).toHaveLength(1);
    expect(network.requests[0]).toMatchObject({ keepalive: true, token: token('first') });
    expect(network.requests[0]?.url.pathname).toBe('/v1/messages');
    expect(network.requests[0]?.message).toMatchObject({ type: 'pause' });
    network.messages = 'refused';
    signaller.flush({ type: 'pause' });
    await pass(0);
    expect(told).toEqual(['ready']);
  });

  it('never throws, also where fetch itself does', async () => {
    const fetch = (): never => {
      throw new TypeError('The page forbids it.');
    };
    await connected({ ports: { ...portsOf(network), fetch } });
    expect(() => signaller.flush({ type: 'pause' })).not.toThrow();
    await pass(0);
  });

  it('is what a candidate says after the end', async () => {
    await connected();
    signaller.close();
    expect(await signaller.post({ type: 'feedback', rating: 5 })).toMatchObject({ type: 'ok' });
    expect(network.received.at(-1)).toMatchObject({ type: 'feedback', rating: 5 });
    network.answer = () => refusal(410, 'delivery_expired');
    expect(await codeOf(signaller.post({ type: 'feedback', rating: 5 }))).toBe('delivery_expired');
    network.messages = 'refused';
    expect(await codeOf(signaller.post({ type: 'feedback', rating: 5 }))).toBe('proxy_unreachable');
  });
});

describe('a page that gives up', () => {
  it('while it is told of the loss is not connected again', async () => {
    const handlers = {
      onReady: () => told.push('ready'),
      onDown: () => signaller.close(),
      onMessage: () => undefined,
      onRefused: () => undefined,
    };
    await connected({ handlers });
    network.cut();
    expect(vi.getTimerCount()).toBe(0);
    await pass(30_000);
    expect(network.doors).toHaveLength(1);
  });
});

describe('whoever waits for a connection', () => {
  it('is told when it stands, and when it takes too long', async () => {
    network.sockets = 'hangs';
    network.streams = 'hangs';
    newSignaller().connect(new AbortController().signal);
    const [short, long] = [codeOf(signaller.whenReady(1_000)), codeOf(signaller.whenReady(20_000))];
    await pass(1_000);
    expect(await short).toBe('proxy_timeout');
    await pass(10_000);
    expect(await long).toBe('done');
    expect(await codeOf(signaller.whenReady(1))).toBe('done');
  });

  it('is told that the attempt was given up', async () => {
    network.sockets = 'hangs';
    const abort = new AbortController();
    newSignaller().connect(abort.signal);
    const ready = codeOf(signaller.whenReady(1_000));
    abort.abort();
    expect(await ready).toBe('aborted');
    expect(refused).toBeNull();
    expect(vi.getTimerCount()).toBe(0);
  });
});

function portsOf(from: ScriptedNetwork): ProxySignallerOptions['ports'] {
  return {
    fetch: from.fetch,
    WebSocket: from.WebSocket,
    now: () => Date.now(),
    random: () => 0,
  };
}
