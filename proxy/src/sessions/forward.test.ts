import { randomUUID } from 'node:crypto';
import type { ClientMessage, SessionId } from '@interview/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProxyError } from '../proxy-error.ts';
import { MemoryStorage } from '../testing/memory-storage.ts';
import { newWriter } from '../testing/proxy.ts';
import { forward } from './forward.ts';
import type { Services } from './services.ts';

const skip: ClientMessage = { type: 'action', id: 'm1', kind: 'skip' };
const ok = { message: { type: 'ok', id: 'm1' } } as const;
let storage: MemoryStorage;
let page: { writer: ReturnType<typeof newWriter> };

beforeEach(async () => {
  vi.useFakeTimers();
  storage = new MemoryStorage(randomUUID() as SessionId);
  page = { writer: newWriter() };
  const { session } = storage;
  const offer = { session, offerId: 'o', writer: page.writer, provider: 'openai' } as const;
  const { call_id: call } = await storage.openCall({ ...offer, reason: 'start' });
  await storage.callAnswered(call, 'rtc_1');
  await storage.callConnected(call);
  await storage.takeLease(call, 'holder', 60, false);
});
afterEach(() => {
  vi.useRealTimers();
});

const send = (message: ClientMessage, from = page) => {
  const services = { storage } as unknown as Services;
  return forward({ id: storage.session, call: null, services }, from, message);
};
/** What the holder finds, and the replies that it gives to all of it. */
const answer = async (): Promise<ClientMessage[]> => {
  const taken = await storage.takeCommands('holder');
  for (const { id } of taken) await storage.answerCommand(id, ok);
  return taken.map(({ message }) => message);
};
const settle = async (sent: Promise<unknown>, ms: number): Promise<unknown> => {
  const outcome = sent.catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(ms);
  return Promise.race([outcome, Promise.resolve('waiting')]);
};

describe('a message that is forwarded', () => {
  it('is done once, however often its page sends it, and answered alike', async () => {
    const first = send(skip);
    await vi.advanceTimersByTimeAsync(200);
    expect(await answer()).toEqual([skip]);
    expect(await settle(first, 200)).toEqual(ok.message);
    const again = send(skip);
    await vi.advanceTimersByTimeAsync(0);
    expect(await answer()).toEqual([]);
    expect(await settle(again, 200)).toEqual(ok.message);
  });

  it('is another one where another page chose the same id', async () => {
    const both = [send(skip), send(skip, { writer: newWriter() })];
    await vi.advanceTimersByTimeAsync(0);
    expect(await answer()).toHaveLength(2);
    expect(await settle(Promise.all(both), 200)).toEqual([ok.message, ok.message]);
  });

  it('is waited for although the database fails meanwhile', async () => {
    const sent = send(skip);
    await vi.advanceTimersByTimeAsync(0);
    await answer();
    const failing = vi.spyOn(storage, 'commandReply');
    failing.mockRejectedValueOnce(new ProxyError('storage_unavailable', 'away'));
    expect(await settle(sent, 400)).toEqual(ok.message);
  });

  it.each<[ClientMessage, number]>([
    [skip, 8_000],
    [{ type: 'complete', id: 'm2', reason: 'technical', writers: {}, lost: [] }, 14_000],
  ])('that may have been done is never told to be tried again: $type', async (message, ms) => {
    const sent = send(message);
    await vi.advanceTimersByTimeAsync(0);
    await storage.takeCommands('holder');
    expect(await settle(sent, ms - 200)).toBe('waiting');
    expect(await settle(sent, 500)).toMatchObject({
      code: 'supervision_unavailable',
      message: expect.stringContaining('before you ask again') as string,
    });
  });

  it('that nobody took will not be done, and may be tried again', async () => {
    const sent = send(skip);
    expect(await settle(sent, 8_300)).toMatchObject({
      code: 'supervision_unavailable',
      message: expect.stringContaining('Try again') as string,
    });
    expect(await answer()).toEqual([]);
  });

  it('can be stored on its way', async () => {
    void send({ type: 'text', id: 'm3', text: 'half \ud83d, nul \0' }).catch(() => undefined);
    await vi.advanceTimersByTimeAsync(0);
    expect(await answer()).toMatchObject([{ text: 'half \uFFFD, nul \uFFFD' }]);
  });
});
