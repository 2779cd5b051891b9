import { startSimulator, type Simulator } from '@interview/simulator';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Candidate } from '../../packages/simulator/src/testing/candidate.ts';
import { doorThrough } from './testing/door-through.ts';
import { eventually } from './testing/eventually.ts';
import { offer } from './testing/interview.ts';
import { Project } from './testing/project.ts';
import { ProxyProcess } from './testing/proxy-process.ts';
import { pageOrigin, TestPage } from './testing/proxy.ts';

let project: Project;
let simulator: Simulator;
const proxies: ProxyProcess[] = [];

beforeAll(async () => {
  project = await Project.open();
}, 60_000);
afterAll(() => project.close());
afterEach(async () => {
  await Promise.all(proxies.splice(0).map((proxy) => proxy.kill()));
  await simulator.close();
});

async function startProxy(): Promise<ProxyProcess> {
  const proxy = await ProxyProcess.start({
    ...project.environment,
    SIMULATION_MODE: 'true',
    SIMULATOR_URL: simulator.url,
    TICK_INTERVAL_S: '0',
  });
  proxies.push(proxy);
  return proxy;
}

async function join(proxy: ProxyProcess, token: string): Promise<TestPage> {
  const page = new TestPage(proxy.url, token, { origin: pageOrigin });
  await page.next('ready');
  return page;
}

const calls = (session: string) =>
  project.database.sql(
    `select c.*, l.expires_at > now() as leased from public.session_calls c
     left join public.call_leases l on l.call_id = c.id where session_id = $1 order by ordinal`,
    session,
  );

describe.each(['SIGTERM', 'SIGINT'] as const)('%s', (signal) => {
  it('hands a live call to the next process, which goes on with it', async () => {
    simulator = await startSimulator({ scenario: { speech: 'tone', tone_chars_per_s: 60 } });
    const session = await project.newSession();
    const first = await startProxy();
    const page = await join(first, session.token);
    const { url, server } = await doorThrough({ storage: { calls: [] } }, page);
    const candidate = new Candidate();
    await candidate.join(url, {});
    const [call] = await calls(session.id);
    await page.ask({ type: 'connected', call_id: call?.['id'] });
    await candidate.events.next('output_audio_buffer.stopped');

    const asked = performance.now();
    first.signal(signal);
    expect(await page.next('drain')).toMatchObject({ retry_after_ms: 1000 });
    expect((await page.closed).code).toBe(1012);
    expect(await first.ended).toEqual({ code: 0, signal: null });
    expect(performance.now() - asked).toBeLessThan(10_000);
    expect(await calls(session.id)).toMatchObject([{ closed_at: null, leased: false }]);

    const second = await startProxy();
    const again = await join(second, session.token);
    await eventually(async () => (await calls(session.id))[0]?.['leased']).toBe(true);
    const heard = candidate.events.all.length;
    await eventually(() => again.ask({ type: 'action', kind: 'repeat' })).toMatchObject({
      type: 'ok',
    });
    await candidate.events.next('output_audio_buffer.started', heard);
    expect(await calls(session.id)).toMatchObject([{ ordinal: 1, closed_at: null }]);
    candidate.leave();
    server.close();
  }, 60_000);

  it('lets an offer be answered first, and takes no other', async () => {
    simulator = await startSimulator({
      scenario: { faults: [{ kind: 'slow_answer', delay_ms: 2_000 }] },
    });
    const [mine, theirs] = [await project.newSession(), await project.newSession()];
    const proxy = await startProxy();
    const [page, other] = [await join(proxy, mine.token), await join(proxy, theirs.token)];
    const { url, server } = await doorThrough({ storage: { calls: [] } }, page);
    const candidate = new Candidate();
    const joined = candidate.join(url, {});
    await eventually(async () => (await calls(mine.id)).length).toBe(1);

    proxy.signal(signal);
    const readiness = async (): Promise<unknown> =>
      (await fetch(`${proxy.httpUrl}/readyz`)).json() as Promise<unknown>;
    await eventually(readiness).toMatchObject({ ready: false, draining: true });
    const refused = { type: 'offer', writer_id: other.writer, sdp: offer, reason: 'start' };
    expect(await other.ask(refused)).toMatchObject({
      code: 'draining',
      retryable: true,
      retry_after_ms: 1000,
    });
    expect(page.received.map(({ type }) => type)).not.toContain('drain');
    expect(await page.next('answer')).toMatchObject({ ordinal: 1 });
    await joined;
    await Promise.all([page.next('drain'), other.next('drain')]);
    expect(await proxy.ended).toEqual({ code: 0, signal: null });
    expect(await calls(theirs.id)).toEqual([]);
    candidate.leave();
    server.close();
  }, 60_000);
});

describe('a stop whose log nobody reads any more', () => {
  it('ends all the same', async () => {
    simulator = await startSimulator();
    const proxy = await startProxy();
    proxy.deafen();
    proxy.signal('SIGTERM');
    expect(await proxy.ended).toEqual({ code: 0, signal: null });
  });
});

describe('a start without its settings', () => {
  it('names what is missing and ends', async () => {
    simulator = await startSimulator();
    const proxy = ProxyProcess.run({ NODE_ENV: 'production' });
    proxies.push(proxy);
    expect(await proxy.ended).toMatchObject({ code: 1 });
    for (const name of ['JWT_SECRET', 'OPENAI_API_KEY', 'SUPABASE_URL', 'SUPABASE_SECRET_KEY']) {
      expect(proxy.lines.join('\n')).toContain(`${name} is missing`);
    }
  }, 20_000);
});
