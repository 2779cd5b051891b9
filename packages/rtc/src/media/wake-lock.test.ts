import { beforeEach, describe, expect, it } from 'vitest';
import { FakePage } from './testing/surroundings.ts';
import { holdWakeLock } from './wake-lock.ts';

class FakeLock {
  released = false;
  release(): Promise<void> {
    this.released = true;
    return Promise.resolve();
  }
}

let page: FakePage;
let end: AbortController;
let locks: FakeLock[];
let request: () => Promise<FakeLock>;
const hold = (): void => {
  const wakeLock = { request: () => request() } as unknown as WakeLock;
  holdWakeLock({ wakeLock, onPage: page.onPage }, end.signal);
};
const held = (): number => locks.filter(({ released }) => !released).length;
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

beforeEach(() => {
  page = new FakePage();
  end = new AbortController();
  locks = [];
  request = () => {
    const lock = new FakeLock();
    locks.push(lock);
    return Promise.resolve(lock);
  };
});

describe('the wake lock', () => {
  it('is held until the end', async () => {
    hold();
    await settled();
    expect(held()).toBe(1);
    end.abort();
    await settled();
    expect(held()).toBe(0);
    page.tell('visible');
    await settled();
    expect(locks).toHaveLength(1);
  });

  it('is taken again when the page is seen, if the browser took it back, and never twice', async () => {
    hold();
    await settled();
    page.tell('visible');
    await settled();
    expect(locks).toHaveLength(1);
    await locks[0]?.release();
    page.tell('visible');
    page.tell('visible');
    await settled();
    expect([locks.length, held()]).toEqual([2, 1]);
    end.abort();
    await settled();
    expect(held()).toBe(0);
  });

  it('is not taken again by a page that is seen in the moment of the end', async () => {
    hold();
    await settled();
    await locks[0]?.release();
    page.tell('visible');
    end.abort();
    await settled();
    expect(locks).toHaveLength(1);
  });

  it('is let go when it comes after the end', async () => {
    const { promise, resolve } = Promise.withResolvers<FakeLock>();
    request = () => promise;
    hold();
    end.abort();
    const lock = new FakeLock();
    resolve(lock);
    await settled();
    expect(lock.released).toBe(true);
  });

  it('is done without where it is refused, and asked for again', async () => {
    const take = request;
    request = () => Promise.reject(new DOMException('Low battery.', 'NotAllowedError'));
    hold();
    await settled();
    request = take;
    page.tell('visible');
    await settled();
    expect(held()).toBe(1);
  });

  it('is not asked for where there is none, or when all is over', async () => {
    holdWakeLock({ wakeLock: null, onPage: page.onPage }, end.signal);
    end.abort();
    hold();
    await settled();
    expect([locks.length, page.listening]).toEqual([0, 0]);
  });
});
