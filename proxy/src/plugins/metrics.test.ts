import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { offer } from '../testing/interview.ts';
import { startProxy, TestPage, tokenFor, type TestProxy } from '../testing/proxy.ts';
import { holdWrittenInterview, quickSimulator } from '../testing/written-interview.ts';

let proxy: TestProxy | undefined;
const start = async (env: Record<string, string> = {}): Promise<TestProxy> =>
  (proxy = await startProxy(env));
afterEach(async () => {
  await proxy?.close();
});

const callId = '5f0c1d3e-8a4b-4c6d-9e2f-0123456789ab';
/** One line of a page. */
const line = (writer: string): object => ({
  entry_id: `${callId}.item_1`,
  writer_id: writer,
  sequence: 1,
  revision: 0,
  role: 'candidate',
  text: 'A ticket machine.',
  status: 'final',
  call_id: callId,
  item_id: 'item_1',
  previous_item_id: null,
  position: 1,
  started_ms: 0,
  ended_ms: 900,
  heard_ms: null,
  language: 'en',
});

/** What a scraper reads, by series. */
async function scrape({ httpUrl }: TestProxy): Promise<Map<string, number>> {
  const text = await (await fetch(`${httpUrl}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end + 1))];
    }),
  );
}

describe('a key that the provider refuses', () => {
  it('is counted, and another one takes its place', async () => {
    const running = await start({ OPENAI_API_KEYS: 'sk-canary-revoked,sk-canary-good' });
    running.provider.revoked.add('sk-canary-revoked');
    const page = await TestPage.join(running);
    const answer = await page.ask({
      type: 'offer',
      writer_id: page.writer,
      sdp: offer,
      reason: 'start',
    });
    expect(answer).toMatchObject({ type: 'answer' });
    const found = await scrape(running);
    expect(found.get('interview_upstream_keys_refused_total{provider="openai"}')).toBe(1);
    expect([...found.keys()].join()).not.toContain('canary');
  });
});

describe('after a real interview', () => {
  it('tells what happened in it, and of nobody', async () => {
    const simulator = await quickSimulator();
    const running = await start({ SIMULATION_MODE: 'true', SIMULATOR_URL: simulator.url });
    const page = await holdWrittenInterview(running);
    const open = await scrape(running);
    expect(open.get('interview_sockets')).toBe(1);
    expect(open.get('interview_sessions')).toBe(1);
    page.socket.close();
    await eventually(async () => (await scrape(running)).get('interview_sockets')).toBe(0);

    const found = await scrape(running);
    const rows = running.storage.serverRows().length;
    expect(Object.fromEntries(found)).toMatchObject({
      'interview_build_info{version="0.1.0"}': 1,
      'interview_calls_opened_total{provider="simulator",reason="start"}': 1,
      'interview_calls_closed_total{reason="completed"}': 1,
      'interview_upstream_seconds_count{provider="simulator",operation="openCall",outcome="ok"}': 1,
      'interview_upstream_seconds_bucket{le="15",provider="simulator",operation="openCall",outcome="ok"}': 1,
      'interview_upstream_seconds_count{provider="simulator",operation="attach",outcome="ok"}': 1,
      'interview_upstream_seconds_count{provider="simulator",operation="hangup",outcome="ok"}': 1,
      // The offer, that it is connected, four lines, and the completion.
      'interview_answers_total{door="socket",code="ok"}': 7,
      'interview_rows_total{writer="server",outcome="stored"}': rows,
      'interview_rows_total{writer="server",outcome="refused"}': 0,
      interview_outbox_age_seconds: 0,
      interview_calls: 0,
      interview_sessions: 0,
      interview_draining: 0,
      interview_jobs_waiting: 0,
      interview_jobs_dead: 0,
      'interview_storage_seconds_count{operation="openCall",outcome="ok"}': 1,
    });
    expect(found.get('interview_acks_total{writer="server"}')).toBeGreaterThan(0);
    expect(found.has('nodejs_eventloop_lag_p99_seconds')).toBe(true);
    const text = [...found.keys()].join('\n');
    for (const id of [running.session, running.storage.calls[0]?.id ?? '', page.writer]) {
      expect(text).not.toContain(id);
    }
    await simulator.close();
  }, 30_000);
});

describe('what goes wrong', () => {
  beforeEach(() => start());

  it('is told by its code, at both doors', async () => {
    const running = proxy as TestProxy;
    running.provider.reply = (_request, response) => response.writeHead(429).end();
    const page = await TestPage.join(running);
    await page.ask({ type: 'offer', writer_id: page.writer, sdp: offer, reason: 'start' });
    await fetch(`${running.httpUrl}/v1/calls`, { method: 'POST' });
    await fetch(`${running.httpUrl}/v1/calls`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await tokenFor(running.session)}`,
        'content-type': 'application/sdp',
      },
      body: offer,
    });
    expect(Object.fromEntries(await scrape(running))).toMatchObject({
      'interview_answers_total{door="socket",code="upstream_rate_limited"}': 1,
      'interview_answers_total{door="http",code="token_missing"}': 1,
      'interview_answers_total{door="http",code="upstream_rate_limited"}': 1,
      'interview_upstream_seconds_count{provider="openai",operation="openCall",outcome="upstream_rate_limited"}': 2,
      'interview_calls_closed_total{reason="refused"}': 2,
      'interview_http_seconds_count{method="POST",route="/v1/calls",status="401"}': 1,
    });
  });

  it('shows how long rows have waited for the database, until it takes them', async () => {
    const running = proxy as TestProxy;
    const page = await TestPage.join(running);
    const rows = { type: 'transcript', writer_id: page.writer, entries: [line(page.writer)] };
    running.storage.down = true;
    expect(await page.ask(rows)).toMatchObject({ code: 'storage_unavailable' });
    await eventually(async () =>
      (await scrape(running)).get('interview_outbox_age_seconds'),
    ).toBeGreaterThan(0);
    running.storage.down = false;
    expect(await page.ask(rows)).toMatchObject({ type: 'ack' });
    const found = await scrape(running);
    expect(found.get('interview_outbox_age_seconds')).toBe(0);
    expect(found.get('interview_acks_total{writer="page"}')).toBe(1);
    const unavailable =
      'interview_storage_seconds_count{operation="storeEntries",outcome="storage_unavailable"}';
    expect(found.get(unavailable)).toBe(1);
  });

  it('has no more series than there are addresses and codes, whoever asks for what', async () => {
    const running = proxy as TestProxy;
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => fetch(`${running.httpUrl}/v1/nothing/${n}?token=${n}`)),
    );
    const routes = [...(await scrape(running)).keys()].filter((series) =>
      series.startsWith('interview_http_seconds_count'),
    );
    expect(routes).toEqual([
      'interview_http_seconds_count{method="GET",route="none",status="404"}',
    ]);
  });
});

describe('who may read', () => {
  it('is who comes straight from a private address, where no token is set', async () => {
    const { app } = await start();
    const read = (remoteAddress: string, headers: Record<string, string> = {}) =>
      app.inject({ url: '/metrics', remoteAddress, headers });
    for (const near of ['127.0.0.1', '10.1.2.3', '::1', 'fdaa:0:1::3', '::ffff:192.168.1.1']) {
      expect((await read(near)).statusCode).toBe(200);
    }
    for (const far of ['203.0.113.7', '2001:db8::1', '::ffff:203.0.113.7', '172.32.0.1']) {
      expect((await read(far)).json()).toMatchObject({ error: { code: 'forbidden' } });
    }
    for (const header of ['x-forwarded-for', 'fly-client-ip', 'via', 'forwarded']) {
      expect((await read('172.16.0.2', { [header]: '10.0.0.1' })).statusCode).toBe(403);
    }
  });

  it.runIf(
    Object.values(networkInterfaces())
      .flat()
      .some((one) => one?.address === '::1'),
  )(
    'is this machine itself, over IPv6 and over IPv4 to a server that listens on both',
    async () => {
      const { app } = await start();
      // As with HOST=::, where IPv4 addresses come as ::ffff:127.0.0.1.
      const both = createServer((socket) => app.server.emit('connection', socket));
      both.listen(0, '::');
      await once(both, 'listening');
      const { port } = both.address() as AddressInfo;
      for (const host of ['[::1]', '127.0.0.1']) {
        const reply = await fetch(`http://${host}:${port}/metrics`, {
          headers: { connection: 'close' },
        });
        expect({ host, status: reply.status }).toEqual({ host, status: 200 });
        await reply.text();
      }
      both.close();
    },
  );

  it('is who holds the token, where one is set', async () => {
    const { app } = await start({ METRICS_TOKEN: 'a-token-for-the-scraper' });
    const read = (authorization?: string) =>
      app.inject({ url: '/metrics', headers: authorization ? { authorization } : {} });
    expect((await read()).json()).toMatchObject({ error: { code: 'token_missing' } });
    expect((await read('Bearer another')).json()).toMatchObject({
      error: { code: 'token_invalid' },
    });
    expect((await read('Bearer a-token-for-the-scraper')).statusCode).toBe(200);
  });
});
