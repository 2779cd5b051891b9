import { parseArgs } from 'node:util';
import { startSimulator, type Simulator } from '@interview/simulator';
import { Candidate } from '../../packages/simulator/src/testing/candidate.ts';
import { toneFrames } from '../../packages/simulator/src/voice/tone.ts';
import { doorThrough } from '../src/testing/door-through.ts';
import { plan } from '../src/testing/interview.ts';
import { startProxy, TestPage } from '../src/testing/proxy.ts';
import { Relay } from '../src/testing/relay.ts';

/**
 * What it costs that the supervisor asks for every response: from the end of a turn to the beginning of its response,
 * as the candidate's own channel tells, over real media. The provider by itself, beside the supervisor with a line of
 * so many milliseconds each way between them; both in turn, in the same run. `--turns N`, default 15 of each in each of
 * three rounds.
 */
const { values } = parseArgs({ options: { turns: { type: 'string', default: '15' } } });
const turns = Math.max(1, Number(values.turns) || 15);
const rounds = 3;
const lines = [0, 10, 30];

/** Milliseconds from each commit to what follows. */
async function talk(candidate: Candidate): Promise<number[]> {
  const waits: number[] = [];
  let at = 0;
  let told = 0;
  candidate.listener = (text) => {
    const { type } = JSON.parse(text) as { type: string };
    if (type === 'input_audio_buffer.committed') at = performance.now();
    if (type !== 'response.created' || at === 0) return;
    told = performance.now() - at;
    at = 0;
  };
  for (let turn = 0; turn < turns; turn += 1) {
    const from = candidate.events.all.length;
    candidate.speak(toneFrames(0.4));
    const committed = await candidate.events.next('input_audio_buffer.committed', from);
    const after = candidate.events.all.indexOf(committed);
    await candidate.events.next('response.created', after);
    waits.push(told);
    await candidate.events.next('output_audio_buffer.stopped', after);
  }
  return waits;
}

async function alone(simulator: Simulator): Promise<number[]> {
  const candidate = new Candidate();
  const turn_detection = { type: 'semantic_vad', eagerness: 'low' };
  await candidate.join(simulator.url, { type: 'realtime', audio: { input: { turn_detection } } });
  const waits = await talk(candidate);
  candidate.leave();
  return waits;
}

async function supervised(simulator: Simulator, delayMs: number): Promise<number[]> {
  const relay = new Relay(simulator.url, delayMs);
  const proxy = await startProxy({ SIMULATION_MODE: 'true', SIMULATOR_URL: await relay.listen() });
  const questions = Array.from({ length: 2 * turns }, (_, index) => ({
    id: `q${index}`,
    text: 'And then?',
    max_probes: 0,
  }));
  proxy.storage.interviewPlan = { ...plan, questions };
  const page = await TestPage.join(proxy);
  const { url, server } = await doorThrough(proxy, page);
  const candidate = new Candidate();
  await candidate.join(url, {});
  await page.ask({ type: 'connected', call_id: proxy.storage.calls[0]?.id });
  await candidate.events.next('output_audio_buffer.stopped');
  const waits = await talk(candidate);
  candidate.leave();
  server.close();
  await proxy.close();
  relay.close();
  return waits;
}

function quantile(values: readonly number[], share: number): string {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN).toFixed(1);
}

const simulator = await startSimulator({
  scenario: { speech: 'tone', tone_chars_per_s: 300, hangover_ms: 300, response_delay_ms: 100 },
});
const found = new Map<string, number[]>();
const add = (name: string, waits: readonly number[]): void => {
  found.set(name, [...(found.get(name) ?? []), ...waits]);
};
for (let round = 0; round < rounds; round += 1) {
  add('the provider by itself', await alone(simulator));
  for (const delayMs of lines) {
    add(`the supervisor, ${delayMs} ms each way`, await supervised(simulator, delayMs));
  }
}
console.log('\nEnd of a turn to the beginning of its response, milliseconds');
for (const [name, waits] of found) {
  const [median, p95] = [quantile(waits, 0.5), quantile(waits, 0.95)];
  console.log(
    `  ${name.padEnd(32)} median ${median.padStart(6)}   p95 ${p95.padStart(6)}   n ${waits.length}`,
  );
}
await simulator.close();
process.exit(0);
