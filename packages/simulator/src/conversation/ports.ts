import type { Timers } from '../timers.ts';
import type { CandidateTurn } from '../scenario.ts';

/** An event as it goes over the wire; `event_id` is added there. */
export interface WireEvent {
  type: string;
  [field: string]: unknown;
}

/** Something being said. */
export interface Playback {
  /** Played so far, milliseconds. */
  readonly heardMs: number;
  /** The whole, milliseconds; null until it is known. */
  readonly durationMs: number | null;
  /** Plays no more than this share of the whole: generation stopped there. */
  limit(share: number): void;
  /** Silence at once; neither callback follows. Returns what was heard, milliseconds. */
  stop(): number;
}

/** Speaks one text after the other. */
export interface Voice {
  say(text: string, on: { started: () => void; ended: () => void }): Playback;
}

/** The candidate's audio as it was received. */
export interface Ear {
  /** Audio received since the call began, milliseconds. */
  readonly clockMs: number;
  /** What came since the last commit or clear, and forgets it. */
  take(): { bufferedMs: number; speechMs: number };
}

/** What the conversation reaches the world by. */
export interface ConversationPorts {
  /** Sends to the browser and every sideband. */
  emit(event: WireEvent): void;
  timers: Timers;
  voice: Voice;
  ear: Ear;
  /** The candidate's next turn as the scenario has it. */
  nextTurn(): CandidateTurn;
  pace: {
    transcriptionDelayMs: number;
    responseDelayMs: number;
    /** Text is generated this many times faster than it is spoken. */
    generationSpeed: number;
  };
}
