import { randomUUID } from 'node:crypto';
import type { CallId, SessionId } from '@interview/protocol';
import { pino } from 'pino';
import { beforeEach, expect, it } from 'vitest';
import { MemoryStorage } from '../testing/memory-storage.ts';
import { IntegrityLog } from './integrity-log.ts';

let storage: MemoryStorage;
let integrity: IntegrityLog;

beforeEach(() => {
  storage = new MemoryStorage(randomUUID() as SessionId);
  const log = pino({ level: 'silent' });
  integrity = new IntegrityLog({
    session: storage.session,
    call: randomUUID() as CallId,
    storage,
    log,
  });
});

it('keeps the order, and tries until the database has it', async () => {
  storage.down = true;
  void integrity.record('session_tampered', { what: 'config' });
  const second = integrity.record('session_tampered', { what: 'item' });
  storage.down = false;
  await second;
  expect(storage.events.map(({ detail }) => detail['what'])).toEqual(['config', 'item']);
});

it('gives up with its call, after a last try', async () => {
  storage.down = true;
  void integrity.record('session_tampered', { what: 'config' });
  void integrity.record('session_tampered', { what: 'item' });
  await integrity.stop();
  expect(storage.events).toEqual([]);
});

it('is no place for a flood', async () => {
  for (let count = 0; count < 150; count += 1) void integrity.record('session_tampered', {});
  await integrity.record('session_tampered', {});
  expect(storage.events).toHaveLength(100);
});
