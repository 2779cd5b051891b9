import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProxyError } from '../proxy-error.ts';
import type { SessionBrief } from '../storage/port.ts';
import { eventually } from '../testing/eventually.ts';
import { offer, plan } from '../testing/interview.ts';
import type { ProviderCall } from '../testing/provider.ts';
import {
  pageOrigin,
  startProxy,
  TestPage,
  tokenFor,
  type Message,
  type TestProxy,
} from '../testing/proxy.ts';

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

it('an offer whose session can not be read leaves no call open', async () => {
  const { sessionBrief } = proxy.storage;
  proxy.storage.sessionBrief = () => {
    proxy.storage.sessionBrief = sessionBrief;
    return Promise.reject(new ProxyError('storage_unavailable', 'The test has it down.'));
  };
  expect(await page.ask(offerOf(page))).toMatchObject({ code: 'storage_unavailable' });
  expect(proxy.storage.calls[0]?.closeReason).toBe('storage_unavailable');
  expect(proxy.provider.offers).toEqual([]);
});

describe('a call that nobody looks after', () => {
  beforeEach(async () => {
    // As it stands after another proxy died.
    const { call_id: id } = await proxy.storage.openCall({
      session: proxy.session,
      offerId: 'before',
      writer: page.writer,
      reason: 'start',
      provider: 'openai',
    });
    await proxy.storage.callAnswered(id, 'rtc_before');
    await proxy.storage.callConnected(id);
  });

  it.each(['was opened', 'was asked for'])(
    'is not taken up by a greeting that looked before the next one %s',
    async (since) => {
      const { sessionBrief, openCall } = proxy.storage;
      let greet: () => void = () => undefined;
      let confirm: () => void = () => undefined;
      const looked = new Promise<void>((resolve) => (greet = resolve));
      const confirmed = new Promise<void>((resolve) => (confirm = resolve));
      proxy.storage.sessionBrief = async (session): Promise<SessionBrief | null> => {
        proxy.storage.sessionBrief = sessionBrief;
        const stale = await sessionBrief(session);
        await looked;
        return stale;
      };
      proxy.storage.openCall = async (wanted) => {
        if (since === 'was asked for') {
          greet();
          await confirmed;
        }
        return openCall(wanted);
      };
      const held = holdAnswer();
      const early = new TestPage(proxy.url, await tokenFor(proxy.session), { origin: pageOrigin });
      await once(early.socket, 'open');
      const asked = early.ask({ ...offerOf(early), reason: 'reconnect' });
      if (since === 'was asked for') await early.next('ready');
      confirm();
      const response = await held;
      greet();
      await early.next('ready');
      proxy.provider.answer(response);
      expect(await asked).toMatchObject({ type: 'answer', ordinal: 2 });
      await eventually(() => proxy.provider.hangups).toEqual(['rtc_before']);
      expect(proxy.storage.calls[0]?.lease).toBeNull();
    },
  );
});
