import * as z from 'zod';

const ms = z.number().int().min(0).max(600_000);

/** What the candidate says in one turn and what becomes of its transcription. */
export const CandidateTurn = z.strictObject({
  /** The words that were «heard»; null lets the transcript tell the length of the speech instead. */
  text: z.string().nullable().default(null),
  /** `never`: no event follows the commit, as the provider sometimes leaves it. */
  transcription: z.enum(['completed', 'failed', 'empty', 'never']).default('completed'),
  /** From the commit to the first transcription event, milliseconds; the scenario's own where absent. */
  transcription_delay_ms: ms.optional(),
  /** From the commit to the first sign of a reply, milliseconds; the scenario's own where absent. */
  response_delay_ms: ms.optional(),
});
export type CandidateTurn = z.infer<typeof CandidateTurn>;

/** Which of the calls made under this scenario a fault befalls, counted from 1; every one where absent. */
const nth = { nth: z.number().int().min(1).optional() };

/** Something that goes wrong. A union, so that further kinds can be added. */
export const Fault = z.discriminatedUnion('kind', [
  /** The offer is answered with an error instead of an SDP answer. */
  z.strictObject({
    kind: z.literal('http_status'),
    ...nth,
    status: z.number().int().min(400).max(599),
    /** For example `rate_limit_exceeded`, `insufficient_quota`, `server_error`. */
    code: z.string().default('server_error'),
    /** Sent as `Retry-After`, seconds. */
    retry_after_s: z.number().int().min(0).optional(),
  }),
  /** The answer comes late. */
  z.strictObject({ kind: z.literal('slow_answer'), ...nth, delay_ms: ms }),
  /** The data channel closes `after_ms` after it opened; audio flows on. */
  z.strictObject({ kind: z.literal('channel_drop'), ...nth, after_ms: ms }),
  /** The whole peer goes `after_ms` after its channel opened. */
  z.strictObject({ kind: z.literal('peer_drop'), ...nth, after_ms: ms }),
  /**
   * The session lives for so many seconds, which its `expires_at` tells, and ends as the provider ends one: `error` with
   * code `session_expired`, then everything closes.
   */
  z.strictObject({ kind: z.literal('expire'), ...nth, after_s: z.number().int().min(1).max(3600) }),
  /**
   * The provider hangs `after_ms` after the channel opened: no event and no sound comes any more, to nobody, while
   * connection, channel and sidebands stay up.
   */
  z.strictObject({ kind: z.literal('go_silent'), ...nth, after_ms: ms }),
]);
export type Fault = z.infer<typeof Fault>;

/**
 * How the simulator behaves, as data. Everything has a default: `{}` is a patient interviewer whose transcripts say
 * honestly how long the candidate spoke.
 *
 * @example
 * { "turns": [{ "text": "Yes, I'm ready." }, { "text": "I led a redesign.", "transcription_delay_ms": 3000 }],
 *   "faults": [{ "kind": "http_status", "nth": 1, "status": 429, "code": "rate_limit_exceeded" }] }
 */
export const Scenario = z.strictObject({
  /** The candidate's turns in the order in which they are committed; later ones are transcribed honestly. */
  turns: z.array(CandidateTurn).default([]),
  /** Let a second call go on in `turns` where the first one stopped, as after a reconnect. */
  turns_across_calls: z.boolean().default(false),
  /** From a commit to its first transcription event, milliseconds. */
  transcription_delay_ms: ms.default(600),
  /** From a request for a response to its first output, milliseconds. */
  response_delay_ms: ms.default(300),
  /** Silence that ends a turn, milliseconds; chosen by the session's turn detection where absent. */
  hangover_ms: ms.optional(),
  /** How many times faster than speech the text is generated; the real one outruns its playback too. */
  generation_speed: z.number().min(0.5).max(1000).default(8),
  /** `recorded`: recordings, else a local synthesiser, else a tone. `tone`: always a tone of the right length. */
  speech: z.enum(['recorded', 'tone']).default('recorded'),
  /** Length of a tone: characters of its text that fit in a second. */
  tone_chars_per_s: z.number().min(1).max(1000).default(14),
  faults: z.array(Fault).default([]),
});
export type Scenario = z.infer<typeof Scenario>;
/** A scenario as it is written: everything may be left out. */
export type ScenarioInput = z.input<typeof Scenario>;

/** One scenario in use: counts its calls and hands out the candidate's turns. */
export class ScenarioRun {
  readonly scenario: Scenario;
  #calls = 0;
  #shared: () => CandidateTurn;

  constructor(scenario: Scenario) {
    this.scenario = scenario;
    this.#shared = turnsOf(scenario);
  }

  /** Begins a call: its faults, and what the candidate says in it turn by turn. */
  nextCall(): { faults: Fault[]; nextTurn: () => CandidateTurn } {
    this.#calls += 1;
    const number = this.#calls;
    return {
      faults: this.scenario.faults.filter(
        (fault) => fault.nth === undefined || fault.nth === number,
      ),
      nextTurn: this.scenario.turns_across_calls ? this.#shared : turnsOf(this.scenario),
    };
  }
}

function turnsOf(scenario: Scenario): () => CandidateTurn {
  let next = 0;
  return () => scenario.turns[next++] ?? CandidateTurn.parse({});
}
