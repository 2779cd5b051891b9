import type { CallRegistry } from './call-registry.ts';
import type { ClientSecrets } from './client-secrets.ts';
import type { Scenario, ScenarioRun } from './scenario.ts';
import type { Speech } from './voice/speech.ts';

/** What the endpoints share. */
export interface SimulatorState {
  readonly calls: CallRegistry;
  readonly secrets: ClientSecrets;
  /** In force for calls made from now on. */
  scenario: ScenarioRun;
  speechFor(scenario: Scenario): Speech;
  /** Address that media is bound to; chosen by itself where undefined. */
  readonly bindAddress: string | undefined;
}
