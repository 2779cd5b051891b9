import { cleanup } from 'node-datachannel';
import { buildApp } from './app.ts';
import { CallRegistry } from './call-registry.ts';
import { ClientSecrets } from './client-secrets.ts';
import { Scenario, ScenarioRun, type ScenarioInput } from './scenario.ts';
import { speechOfMachine, speechOfTones } from './voice/speech.ts';

export { Scenario, type ScenarioInput } from './scenario.ts';
export type { CallRecord } from './call.ts';
export type { ToolCallRecord, Utterance } from './conversation/record.ts';

/** Options of `startSimulator`. */
export interface SimulatorOptions {
  /** 0 takes a free one, which is the default. */
  port?: number;
  /** Address of the HTTP side; `127.0.0.1` by default. */
  host?: string;
  scenario?: ScenarioInput;
  /** Address that media is bound to. By default all that the machine has, or loopback where there is nothing else. */
  bindAddress?: string;
}

/** A simulator that runs. */
export interface Simulator {
  /** Base of the API, as an OpenAI client takes it: `http://127.0.0.1:8090/v1`. */
  url: string;
  /** Ends all calls and stops listening. */
  close(): Promise<void>;
}

/** Native resources need a moment to go after their calls were closed, milliseconds. */
const CLEANUP_DELAY_MS = 100;
let running = 0;

/**
 * Starts a Realtime peer that needs no key.
 *
 * @throws ZodError for a scenario that is none, and what `listen` throws, for example EADDRINUSE.
 * @example
 * const simulator = await startSimulator({ scenario: { turns: [{ text: 'Yes, I am ready.' }] } });
 * const answer = await fetch(`${simulator.url}/realtime/calls`, { method: 'POST', … });
 * await simulator.close();
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const calls = new CallRegistry();
  const speech = speechOfMachine();
  const app = await buildApp({
    calls,
    secrets: new ClientSecrets(),
    scenario: new ScenarioRun(Scenario.parse(options.scenario ?? {})),
    speechFor: (scenario) =>
      scenario.speech === 'tone' ? speechOfTones(scenario.tone_chars_per_s) : speech,
    bindAddress: options.bindAddress,
  });
  const origin = await app.listen({ port: options.port ?? 0, host: options.host ?? '127.0.0.1' });
  running += 1;
  return {
    url: `${origin}/v1`,
    async close() {
      calls.endAll();
      await app.close();
      running -= 1;
      await new Promise((resolve) => setTimeout(resolve, CLEANUP_DELAY_MS));
      // Without it the process would never exit; with another simulator at work it would take its peers away.
      if (running === 0) endPeers();
    },
  };
}

/** The library gives its threads ten seconds, which is not enough for all on a busy machine. */
function endPeers(): void {
  try {
    cleanup();
  } catch {
    cleanup();
  }
}
