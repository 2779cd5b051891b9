import { randomUUID } from 'node:crypto';
import type { ServerMessage, SessionClaims, SessionId } from '@interview/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newWriter } from '../testing/proxy.ts';
import type { EventStream } from './event-stream.ts';
import { HttpPage } from './http-page.ts';
import { LiveSession } from './live-session.ts';
import type { Services } from './services.ts';

/** A stream that only remembers. */
class Stream {
  readonly told: ServerMessage[] = [];
  readonly endings: number[] = [];
  ended = false;
  send(message: ServerMessage): void {
    this.told.push(message);
  }
  endAt(time: number): void {
    this.endings.push(time);
  }
  end(): void {
    this.ended = true;
  }
  get asStream(): EventStream {
    return this as unknown as EventStream;
  }
}

const now = 1_800_000_000;
const claims = { exp: now + 600 } as SessionClaims;
let emptied: () => void;
let session: LiveSession;
let page: HttpPage;

beforeEach(() => {
  vi.useFakeTimers({ now: now * 1000 });
  emptied = vi.fn();
  session = new LiveSession(randomUUID() as SessionId, {} as Services, emptied);
  page = HttpPage.of(session, newWriter(), { claims, simulation: false });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a page with a stream', () => {
  it('is present while it is open, and for 5 s after', () => {
    const stream = new Stream().asStream;
    page.listen(stream);
    vi.advanceTimersByTime(600_000);
    expect(session.pages).toBe(1);
    page.closed(stream);
    vi.advanceTimersByTime(4_999);
    expect(session.pages).toBe(1);
    expect(emptied).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(session.pages).toBe(0);
    expect(emptied).toHaveBeenCalled();
  });

  it('that comes back in time was never away', () => {
    const [one, two] = [new Stream(), new Stream()];
    page.listen(one.asStream);
    page.closed(one.asStream);
    vi.advanceTimersByTime(3_000);
    const same = HttpPage.of(session, page.writer, { claims, simulation: false });
    expect(same).toBe(page);
    same.listen(two.asStream);
    vi.advanceTimersByTime(60_000);
    expect(session.pages).toBe(1);
    session.tell({ type: 'time', remaining_s: 1, paused: false });
    expect({ one: one.told.length, two: two.told.length }).toEqual({ one: 0, two: 1 });
  });

  it('that comes back in the last moment is the same also after a slow greeting', () => {
    const [one, two] = [new Stream(), new Stream()];
    page.listen(one.asStream);
    page.closed(one.asStream);
    vi.advanceTimersByTime(4_900);
    const same = HttpPage.of(session, page.writer, { claims, simulation: false });
    vi.advanceTimersByTime(8_000);
    same.listen(two.asStream);
    expect(session.httpPages.get(page.writer)).toBe(page);
    expect(emptied).not.toHaveBeenCalled();
  });

  it('ends the older of two streams, and is not gone when that closes', () => {
    const [one, two] = [new Stream(), new Stream()];
    page.listen(one.asStream);
    page.listen(two.asStream);
    expect(one.ended).toBe(true);
    page.closed(one.asStream);
    vi.advanceTimersByTime(60_000);
    expect(session.pages).toBe(1);
  });

  it('ends with its token, and with the renewed one after that', () => {
    const stream = new Stream();
    page.listen(stream.asStream);
    page.renewed({ ...claims, exp: now + 900 });
    expect(stream.endings).toEqual([(now + 600) * 1000, (now + 900) * 1000]);
  });

  it('is cut when it stops to ping, and not when it never did', () => {
    const stream = new Stream();
    page.listen(stream.asStream);
    vi.advanceTimersByTime(200_000);
    expect(stream.ended).toBe(false);
    page.heard();
    vi.advanceTimersByTime(60_000);
    page.heard();
    vi.advanceTimersByTime(74_999);
    expect(stream.ended).toBe(false);
    vi.advanceTimersByTime(1);
    expect(stream.ended).toBe(true);
  });
});

describe('a page that looks', () => {
  it('is present for 15 s after each', () => {
    page.polled();
    vi.advanceTimersByTime(14_000);
    page.polled();
    vi.advanceTimersByTime(14_999);
    expect(session.pages).toBe(1);
    vi.advanceTimersByTime(1);
    expect(session.pages).toBe(0);
    expect(emptied).toHaveBeenCalled();
  });

  it('that lost the interview is not present by looking', () => {
    page.polled();
    session.takeOver(page, page.writer);
    session.takeOver(null, newWriter());
    expect(page.end).toMatchObject({ reason: 'taken_over' });
    page.polled();
    expect(session.pages).toBe(0);
    page.calls();
    expect({ pages: session.pages, end: page.end }).toEqual({ pages: 1, end: null });
  });
});
