import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProxyError } from '../proxy-error.ts';
import { EventStream } from './event-stream.ts';

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'],
  });
});
afterEach(() => {
  vi.useRealTimers();
});

const closed = vi.fn();
const stream = (outgoing = (): number => 0): EventStream => new EventStream(outgoing, closed);
const read = (one: EventStream): string => String(one.body.read() ?? '');

describe('EventStream', () => {
  it('sends each message as an event, and a comment every 15 s', async () => {
    const events = stream();
    events.send({ type: 'pong', id: 'a\n\nb' });
    expect(read(events)).toBe('data: {"type":"pong","id":"a\\n\\nb"}\n\n');
    await vi.advanceTimersByTimeAsync(45_000);
    expect(read(events)).toBe(':\n\n:\n\n:\n\n');
  });

  it('cuts a page off that reads nothing', async () => {
    const events = stream();
    const gone = new Promise((resolve) => events.body.once('close', resolve));
    const megabyte = 'x'.repeat(1024 * 1024);
    for (let i = 0; i < 6; i++) events.send({ type: 'pong', id: megabyte });
    await gone;
    expect(events.body.destroyed).toBe(true);
  });

  it('counts what waits behind it', async () => {
    let waiting = 0;
    const events = stream(() => waiting);
    const gone = new Promise((resolve) => events.body.once('close', resolve));
    events.send({ type: 'pong', id: 'a' });
    waiting = 5 * 1024 * 1024;
    events.send({ type: 'pong', id: 'b' });
    await gone;
    expect(events.body.destroyed).toBe(true);
  });

  it('ends when it was told to, or later when told anew', async () => {
    const events = stream();
    const why = new ProxyError('token_expired', 'Over.');
    events.endAt(Date.now() + 1_000, why);
    events.endAt(Date.now() + 5_000, why);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(read(events)).toBe('');
    await vi.advanceTimersByTimeAsync(1);
    expect(read(events)).toContain('"code":"token_expired"');
    expect(events.body.readableEnded || events.body.read() === null).toBe(true);
  });

  it('stops its clocks when it is over', async () => {
    const events = stream();
    const gone = new Promise((resolve) => events.body.once('close', resolve));
    events.abandon();
    await gone;
    expect(vi.getTimerCount()).toBe(0);
    events.send({ type: 'pong', id: 'late' });
  });
});
