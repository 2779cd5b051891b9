import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { answerSdp, offer, plan } from '../testing/interview.ts';
import { pageOrigin, startProxy, TestPage, tokenFor, type TestProxy } from '../testing/proxy.ts';

// Real sockets and timers on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 });

let proxy: TestProxy;
const start = async (env: Record<string, string>): Promise<void> => {
  proxy = await startProxy(env);
  proxy.storage.unsupervisedAllowed = true;
};
beforeEach(() => start({ UPSTREAM: 'openai-beta', OPENAI_MODEL: 'own-realtime' }));
afterEach(() => proxy.close());

const ask = (page: TestPage) =>
  page.ask({ type: 'offer', writer_id: page.writer, sdp: offer, reason: 'start' });

describe('an interview at a provider without a channel for the server', () => {
  it('has its questions in the instructions, which the page hands over', async () => {
    const page = await TestPage.join(proxy);
    const answer = await ask(page);
    expect(answer).toMatchObject({
      type: 'answer',
      sdp: answerSdp,
      capabilities: { supervision: 'none', actions: [], text: true, pause: false },
    });
    const { instructions } = answer['session'] as { instructions: string };
    const steps = [plan.greeting, ...plan.questions.map(({ text }) => text), plan.closing_text];
    const places = steps.map((text) => instructions.indexOf(text));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(instructions).not.toMatch(/next_question|# Tools/);
    expect(proxy.storage.unsupervised).toEqual([answer['call_id']]);
    expect(proxy.provider.sidebandKeys).toEqual([]);
  });

  it('is refused before anything is sent, where the tenant wants a supervisor', async () => {
    proxy.storage.unsupervisedAllowed = false;
    const page = await TestPage.join(proxy);
    expect(await ask(page)).toMatchObject({ type: 'error', code: 'supervision_unavailable' });
    expect(proxy.provider.requests).toEqual([]);
    expect(proxy.storage.calls.map(({ closeReason }) => closeReason)).toEqual(['refused']);
  });

  it('ends by the clock, and the call is hung up', async () => {
    proxy.storage.durationS = 1;
    const page = await TestPage.join(proxy);
    const { call_id: id } = await ask(page);
    await page.ask({ type: 'connected', call_id: id });
    expect(await page.next('time')).toMatchObject({ remaining_s: 1, paused: false });
    expect(await page.next('end')).toMatchObject({ reason: 'time_up' });
    const done = await page.ask({
      type: 'complete',
      reason: 'candidate_ended',
      writers: {},
      lost: [],
    });
    expect(done).toMatchObject({ type: 'completed' });
    expect(proxy.storage.completions.at(-1)?.reason).toBe('time_up');
    await eventually(() => proxy.provider.hangups).toEqual(['rtc_1']);
  });

  it('does nothing on the call by itself', async () => {
    const page = await TestPage.join(proxy);
    const { call_id: id } = await ask(page);
    await page.ask({ type: 'connected', call_id: id });
    for (const message of [
      { type: 'action', kind: 'skip' },
      { type: 'text', text: 'Hello.' },
      { type: 'pause' },
      { type: 'unpause' },
    ]) {
      expect(await page.ask(message)).toMatchObject({ type: 'error', code: 'unsupported' });
    }
  });

  it('goes on after a restart of the proxy', async () => {
    const page = await TestPage.join(proxy);
    const { call_id: id } = await ask(page);
    await page.ask({ type: 'connected', call_id: id });
    page.socket.terminate();
    await proxy.app.close();
    const next = await startProxy({ UPSTREAM: 'openai-beta' });
    const { storage } = proxy;
    // The same database under the next process.
    for (const key of ['sessionBrief', 'closeCall'] as const) {
      Object.assign(next.storage, { [key]: storage[key] });
    }
    const returned = new TestPage(next.url, await tokenFor(storage.session), {
      origin: pageOrigin,
    });
    await returned.next('ready');
    expect(await returned.next('time')).toMatchObject({ paused: false });
    await next.close();
  });

  it('needs a page of ours where the page must set the session', async () => {
    const reply = await fetch(`${proxy.httpUrl}/v1/calls`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await tokenFor(proxy.session)}`,
        'content-type': 'application/sdp',
      },
      body: offer,
    });
    expect(reply.status).toBe(422);
    expect(proxy.provider.requests).toEqual([]);
  });
});

describe('a GA provider without a sideband', () => {
  it('gets the session from the server, without tools, and asks for responses itself', async () => {
    await proxy.close();
    await start({ OPENAI_SIDEBAND: 'false' });
    const page = await TestPage.join(proxy);
    const answer = await ask(page);
    expect(answer).toMatchObject({ capabilities: { supervision: 'none' } });
    expect(answer).not.toHaveProperty('session');
    const body = proxy.provider.offers[0]?.body.toString() ?? '';
    expect(body).toContain('"tools":[]');
    expect(body).toContain('"create_response":true');
    expect(body).toContain(plan.closing_text);
  });
});
