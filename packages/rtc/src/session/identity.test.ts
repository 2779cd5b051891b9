import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../logger.ts';
import { fakeStorage } from '../media/testing/surroundings.ts';
import { Identity } from './identity.ts';
import { resumableInterviews } from './resumable.ts';

const HOUR = 3_600_000;
const [first, second] = [`inv_${'a'.repeat(43)}`, `inv_${'b'.repeat(43)}`];
let indexedDB: IDBFactory;
let now: number;

beforeEach(() => {
  indexedDB = new IDBFactory();
  now = 1_000_000 * HOUR;
});

const ports = () => ({ indexedDB, localStorage: null, now: () => now });
const page = (): Identity => new Identity(ports(), silentLogger);

describe('Identity', () => {
  it('gives each invitation one key of its own, also to a page that comes later', async () => {
    const identity = page();
    const [one, again, other] = await Promise.all([
      identity.of(first),
      identity.of(first),
      identity.of(second),
    ]);
    expect(again.deviceKey).toBe(one.deviceKey);
    expect(other.deviceKey).not.toBe(one.deviceKey);
    expect(one.deviceKey).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect((await page().of(first)).deviceKey).toBe(one.deviceKey);
  });

  it('forgets what was still being written down', async () => {
    const identity = page();
    void identity.began(first, { sessionId: 'session-1', title: 'Designer' });
    await identity.forget(first);
    expect(await page().all()).toEqual([]);
  });

  it('offers what was begun and not finished, newest first, for a day', async () => {
    const identity = page();
    await identity.of(`inv_${'c'.repeat(43)}`);
    await identity.began(first, { sessionId: 'session-1', title: 'Designer' });
    now += HOUR;
    await identity.began(second, { sessionId: 'session-2', title: 'Engineer' });
    const offered = async (): Promise<string[]> =>
      (await resumableInterviews(ports())).map(({ title }) => title);
    expect(await offered()).toEqual(['Engineer', 'Designer']);
    now += 23.5 * HOUR;
    expect(await offered()).toEqual(['Engineer']);
    const [unfinished] = await resumableInterviews(ports());
    expect(unfinished?.invitation).toBe(second);
    await unfinished?.forget();
    expect(await offered()).toEqual([]);
  });

  it('keeps no invitation before its interview has begun, nor after its end', async () => {
    const identity = page();
    await identity.of(first);
    expect(await resumableInterviews(ports())).toEqual([]);
    await identity.began(first, { sessionId: 'session-1', title: 'Designer' });
    await identity.forget(first);
    expect(await resumableInterviews(ports())).toEqual([]);
  });
});

it('holds the key in memory where a page may store nothing', async () => {
  const identity = new Identity({ ...ports(), indexedDB: null }, silentLogger);
  const { deviceKey } = await identity.of(first);
  await identity.began(first, { sessionId: 'session-1', title: 'Designer' });
  expect((await identity.of(first)).deviceKey).toBe(deviceKey);
  expect(await resumableInterviews({ indexedDB: null })).toEqual([]);
});

it('is the same device after a reload where the database fails, until the interview is forgotten', async () => {
  const localStorage = fakeStorage();
  const refuse = (): never => {
    throw new DOMException('No.', 'SecurityError');
  };
  const failing = { open: refuse } as unknown as IDBFactory;
  const keyOf = async (factory: IDBFactory | null): Promise<string> => {
    const page = new Identity({ ...ports(), indexedDB: factory, localStorage }, silentLogger);
    return (await page.of(first)).deviceKey;
  };
  const key = await keyOf(null);
  expect(await keyOf(failing)).toBe(key);
  const later = new Identity({ ...ports(), localStorage }, silentLogger);
  expect((await later.of(first)).deviceKey).toBe(key);
  await later.forget(first);
  expect(localStorage).toHaveLength(0);
  expect(await keyOf(null)).not.toBe(key);
});
