import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakePeer } from '../testing/fake-peer.ts';
import { DISCONNECTED_GRACE_MS, watchPeer } from './peer-health.ts';

describe('watchPeer', () => {
  let peer: FakePeer;
  let told: string[];
  let abort: AbortController;
  let networkChanged: () => void;

  beforeEach(() => {
    vi.useFakeTimers();
    peer = new FakePeer();
    told = [];
    abort = new AbortController();
    const handlers = {
      onTrouble: (hanging: boolean) => told.push(hanging ? 'hangs' : 'is back'),
      onLost: (cause: string) => told.push(`lost: ${cause}`),
    };
    networkChanged = watchPeer(peer.asPeer, peer.asChannel, handlers, abort.signal);
    peer.become('connected');
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('gives a hanging connection 3 to 5 seconds, tells at once, and counts it as gone after that', () => {
    expect(DISCONNECTED_GRACE_MS).toBeGreaterThanOrEqual(3_000);
    expect(DISCONNECTED_GRACE_MS).toBeLessThanOrEqual(5_000);
    peer.become('disconnected');
    peer.become('disconnected');
    expect(told).toEqual(['hangs']);
    vi.advanceTimersByTime(DISCONNECTED_GRACE_MS - 1);
    expect(told).toEqual(['hangs']);
    vi.advanceTimersByTime(1);
    expect(told).toEqual(['hangs', 'lost: disconnected']);
  });

  it('forgets a hanging that passed, and counts the next one from its own beginning', () => {
    peer.become('disconnected');
    vi.advanceTimersByTime(DISCONNECTED_GRACE_MS - 1);
    peer.become('connected');
    peer.become('disconnected');
    vi.advanceTimersByTime(DISCONNECTED_GRACE_MS - 1);
    expect(told).toEqual(['hangs', 'is back', 'hangs']);
    vi.advanceTimersByTime(1);
    expect(told.at(-1)).toBe('lost: disconnected');
  });

  it.each(['failed', 'closed'] as const)(
    'loses a connection that is %s, without grace',
    (state) => {
      peer.become('disconnected');
      peer.become(state);
      expect(told).toEqual(['hangs', `lost: connection ${state}`]);
    },
  );

  it('loses a call whose channel the other side closed, although ICE still says connected', () => {
    peer.channel.close();
    expect(told).toEqual(['lost: channel closed']);
  });

  it('does not believe a channel that says open while the connection is gone', () => {
    peer.channel.open();
    peer.become('failed');
    expect(told).toEqual(['lost: connection failed']);
  });

  it('gives up what hangs when the page is on another network, and leaves alone what does not', () => {
    networkChanged();
    expect(told).toEqual([]);
    peer.become('disconnected');
    networkChanged();
    expect(told).toEqual(['hangs', 'lost: network changed']);
  });

  it('tells a loss once and nothing after it', () => {
    peer.become('failed');
    peer.channel.close();
    peer.become('disconnected');
    networkChanged();
    vi.advanceTimersByTime(60_000);
    expect(told).toEqual(['lost: connection failed']);
  });

  it('tells nothing once it was ended, and leaves no timer behind', () => {
    peer.become('disconnected');
    abort.abort();
    expect(vi.getTimerCount()).toBe(0);
    peer.become('failed');
    peer.channel.close();
    networkChanged();
    expect(told).toEqual(['hangs']);
  });
});
