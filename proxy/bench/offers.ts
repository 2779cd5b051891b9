import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startChild, type Child } from './child.ts';
import { buildAsImage, coldStart } from './cold-start.ts';
import { Load, median, quantile, secret, type Outcome, type Target } from './load.ts';
import { startNginx } from './nginx.ts';

/**
 * What the proxy costs: offers a second and added latency, beside the same fake upstream asked directly, through nginx
 * with the key injected, and through the least that a proxy in Node can do. Everything is on loopback and takes turns,
 * so what counts on a machine that does other work too are the ratios. `--rounds N`, default 3.
 *
 * "no sideband" is this proxy without the second connection that it opens to the provider for each call, to supervise
 * it; "on Postgres" has its calls in a real database instead of memory. The marks are for the whole of it, in memory.
 */
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '3' } } });
const rounds = Math.max(3, Number(values.rounds) || 3);
const CONCURRENCY = 64;
const LOOP_MS = 2_500;
const PACE = { perSecond: 100, ms: 2_500 };
const SLOW_MS = 800;
const AT_ONCE = 500;
const HELD_MS = 8_000;
const BEYOND = { perSecond: 200, ms: 2_500 };

// Whoever stops it stops the servers of it too.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const cap = 512;
const many = '100000000';
const upstream = await startChild('upstream.ts');
const environment = {
  JWT_SECRET: secret,
  OPENAI_API_KEY: 'sk-bench',
  OPENAI_BASE_URL: `${upstream.url}/v1`,
  SUPABASE_URL: 'http://127.0.0.1:9',
  SUPABASE_SECRET_KEY: 'sb_secret_bench',
  LOG_LEVEL: 'silent',
  MAX_OFFERS_IN_FLIGHT: String(cap),
  RATE_LIMIT_SESSION: many,
  RATE_LIMIT_TENANT: many,
  RATE_LIMIT_ADDRESS: many,
};
const bare = await startChild('bare-route.ts', environment);
const product = await startChild('product.ts', environment);
const deaf = await startChild('product.ts', { ...environment, SIDEBAND: 'none' });
const stored = await startChild('product.ts', {
  ...environment,
  STORAGE: 'postgres',
  SQL_ENGINE: 'postgres',
});
const nginx = await startNginx(upstream.url);
const children: Child[] = [upstream, bare, product, deaf, stored];

const direct: Target = { name: 'direct', url: `${upstream.url}/v1/realtime/calls` };
const minimum: Target = { name: 'bare route', url: `${bare.url}/v1/calls` };
const ours: Target = { name: 'this proxy', url: `${product.url}/v1/calls` };
const targets: Target[] = [
  direct,
  minimum,
  { name: 'no sideband', url: `${deaf.url}/v1/calls` },
  ours,
];
if (nginx) targets.splice(1, 0, { name: 'nginx', url: `${nginx.url}/v1/realtime/calls` });
else console.log('nginx is not installed, so its row is left out.');
if ((await stored.ask('engine')) === 'postgres') {
  const sessions = (await stored.ask('sessions')) as string[];
  targets.push({ name: 'on Postgres', url: `${stored.url}/v1/calls`, sessions });
} else console.log('Postgres is not installed, so its row is left out.');

const isOurs = ({ url }: Target): boolean =>
  [product, deaf, stored].some((child) => url.startsWith(child.url));

const load = new Load();
const upstreamDelay = (ms: number): Promise<Response> => fetch(`${upstream.url}/delay?ms=${ms}`);
const upstreamOffers = async (): Promise<number> =>
  Number(await (await fetch(upstream.url)).text());

/** Runs `measure` for each target in turn, round by round. */
async function inTurn<T>(
  measure: (target: Target) => Promise<{ outcome: Outcome; value: T }>,
): Promise<Map<Target, T[]>> {
  const found = new Map<Target, T[]>(targets.map((target) => [target, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const target of targets) {
      const { outcome, value } = await measure(target);
      const failed = [...outcome.statuses.keys()].filter((status) => status !== 201);
      if (failed.length > 0) throw new Error(`${target.name} answered ${failed.join(', ')}`);
      if (isOurs(target)) await load.hangUp(target, outcome);
      found.get(target)?.push(value);
    }
  }
  return found;
}

interface Latency {
  p50: number;
  p99: number;
}
const latencyOf = ({ tookMs }: Outcome): Latency => ({
  p50: quantile(tookMs, 0.5),
  p99: quantile(tookMs, 0.99),
});

const of = <T>(found: Map<Target, T[]>, target: Target, read: (value: T) => number): number =>
  median((found.get(target) ?? []).map(read));
const ms = (value: number): string => `${value.toFixed(1)} ms`;
let missed = 0;
function mark(name: string, found: string, held: boolean): void {
  if (!held) missed += 1;
  console.log(`${held ? 'held  ' : 'MISSED'} ${name}: ${found}`);
}

// Everything is compiled and connected before anything counts.
for (const target of targets) {
  const { outcome } = await load.closedLoop(target, { concurrency: CONCURRENCY, ms: 1_500 });
  if (isOurs(target)) await load.hangUp(target, outcome);
}

console.log(`\nOffers a second, ${CONCURRENCY} at a time; ${rounds} rounds, medians`);
const rates = await inTurn(async (target) => {
  const { perSecond, outcome } = await load.closedLoop(target, {
    concurrency: CONCURRENCY,
    ms: LOOP_MS,
  });
  return { outcome, value: { perSecond, ...latencyOf(outcome) } };
});
for (const target of targets) {
  const rate = of(rates, target, (one) => one.perSecond);
  const ratio = rate / of(rates, minimum, (one) => one.perSecond);
  const { p50, p99 } = {
    p50: of(rates, target, (one) => one.p50),
    p99: of(rates, target, (one) => one.p99),
  };
  console.log(
    `${target.name.padEnd(11)} ${rate.toFixed(0).padStart(7)}/s  ${ratio.toFixed(2)} of the bare route  p50 ${ms(p50)}  p99 ${ms(p99)}`,
  );
}

console.log(`\nLatency at ${PACE.perSecond} offers a second, and what is added to the direct one`);
const paced = await inTurn(async (target) => {
  const outcome = await load.paced(target, PACE);
  return { outcome, value: latencyOf(outcome) };
});
printLatency(paced);

console.log(`\n${AT_ONCE} offers at once, upstream answers after ${SLOW_MS} ms`);
await upstreamDelay(SLOW_MS);
const slow = await inTurn(async (target) => {
  const outcome = await load.burst(target, AT_ONCE);
  return { outcome, value: latencyOf(outcome) };
});
printLatency(slow);

function printLatency(found: Map<Target, Latency[]>): void {
  for (const target of targets) {
    const added = (read: (value: Latency) => number): string =>
      `${of(found, target, read) < of(found, direct, read) ? '' : '+'}${ms(of(found, target, read) - of(found, direct, read))}`;
    const [p50, p99] = [of(found, target, (one) => one.p50), of(found, target, (one) => one.p99)];
    console.log(
      `${target.name.padEnd(11)} p50 ${ms(p50)} (${added((one) => one.p50)})  p99 ${ms(p99)} (${added((one) => one.p99)})`,
    );
  }
}

// As many as the cap allows wait for their answers, and then more come.
await upstreamDelay(HELD_MS);
const sentBefore = await upstreamOffers();
const held = load.burst(ours, cap);
while ((await upstreamOffers()) < sentBefore + cap) await wait(20);
const beyond = await load.paced(ours, BEYOND);
const sentFor = (await upstreamOffers()) - sentBefore;
await load.hangUp(ours, await held);

console.log('\nMarks');
const share = of(rates, ours, (one) => one.perSecond) / of(rates, minimum, (one) => one.perSecond);
mark('at least 0.7 of the bare route’s offers a second', share.toFixed(2), share >= 0.7);
const addedTo = (target: Target): number =>
  of(slow, target, (one) => one.p99) - of(slow, direct, (one) => one.p99);
const most = 1.3 * addedTo(minimum) + 20;
mark(
  `at ${AT_ONCE} at once at most 1.3 × what the bare route adds to p99, and 20 ms`,
  `+${ms(addedTo(ours))}, allowed ${ms(most)}`,
  addedTo(ours) <= most,
);
const refusals = quantile(beyond.tookMs, 0.99);
mark(
  `beyond ${cap} offers under way a 503 within 100 ms (p99), and nothing sent upstream`,
  `${ms(refusals)}, ${beyond.statuses.get(503) ?? 0} of ${beyond.tookMs.length} refused, ${sentFor} of ${cap} sent`,
  refusals <= 100 && beyond.statuses.get(503) === beyond.tookMs.length && sentFor === cap,
);
const compiled = await buildAsImage();
const starts = [await coldStart(compiled), await coldStart(compiled), await coldStart(compiled)];
mark('ready 1 s after its start', ms(median(starts)), median(starts) <= 1_000);

for (const child of children) await child.stop();
await nginx?.stop();
process.exit(missed === 0 ? 0 : 1);
