import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { offer, plan } from '../testing/interview.ts';
import type { ProviderCall } from '../testing/provider.ts';
import { startProxy, TestPage, type Message, type TestProxy } from '../testing/proxy.ts';

// Real sockets and timers on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 });

let proxy: TestProxy;
let page: TestPage;

beforeEach(async () => {
  proxy = await startProxy();
  page = await TestPage.join(proxy);
});
afterEach(() => proxy.close());

const offerOf = (one: TestPage): Message => ({
  type: 'offer',
  writer_id: one.writer,
  sdp: offer,
  reason: 'start',
});

/** Lets the provider be slow with its next answer; the promise resolves when it was asked. */
function holdAnswer(): Promise<ServerResponse> {
  return new Promise((asked) => {
    const { reply } = proxy.provider;
    proxy.provider.reply = (_request, response) => {
      proxy.provider.reply = reply;
      asked(response);
    };
  });
}

/** Begins the talk in a call that was answered. */
async function connect(one: TestPage, answer: Message, call: ProviderCall): Promise<void> {
  await call.untilAttached();
  await one.ask({ type: 'connected', call_id: answer['call_id'] });
  await call.next((event) => JSON.stringify(event).includes(plan.greeting));
}

describe('an offer that was superseded before the provider answered it', () => {
  it('is hung up when its answer comes, and the newer call goes on', async () => {
    const held = holdAnswer();
    const first = page.ask(offerOf(page));
    const response = await held;
    const other = await TestPage.join(proxy);
    const answer = await other.ask(offerOf(other));
    await connect(other, answer, proxy.provider.call('rtc_1'));
    proxy.provider.answer(response);
    expect(await first).toMatchObject({ type: 'error', code: 'taken_over' });
    await eventually(() => proxy.provider.hangups).toEqual(['rtc_2']);
    expect(proxy.storage.calls.map((call) => call.closeReason)).toEqual(['superseded', null]);
    expect(await other.ask({ type: 'action', kind: 'repeat' })).toMatchObject({ type: 'ok' });
  });

  it('ends nothing where the database tells of it only after the newer one', async () => {
    const { openCall } = proxy.storage;
    let tell: () => void = () => undefined;
    const late = new Promise<void>((resolve) => (tell = resolve));
    proxy.storage.openCall = async (wanted) => {
      const opened = await openCall(wanted);
      if (opened.ordinal === 1) await late;
      return opened;
    };
    const first = page.ask(offerOf(page));
    await eventually(() => proxy.storage.calls.length).toBe(1);
    const other = await TestPage.join(proxy);
    const answer = await other.ask(offerOf(other));
    await connect(other, answer, proxy.provider.call('rtc_1'));
    tell();
    expect(await first).toMatchObject({ type: 'error', code: 'taken_over' });
    expect(await other.ask({ type: 'action', kind: 'repeat' })).toMatchObject({ type: 'ok' });
    expect(proxy.provider.hangups).toEqual([]);
    expect(proxy.provider.offers).toHaveLength(1);
  });
});
