import fc from 'fast-check';
import { expect, it } from 'vitest';
import { deadline, start, Talk } from '../testing/talk.ts';
import { deadlineAt, MAX_PAUSE_MS, MAX_TROUBLE_MS } from './clock.ts';
import { restoreInterview } from './interview-state.ts';

const SECOND = 1_000;

/** Keeps account second by second, as slowly as one would by hand. */
class Stopwatch {
  paused = false;
  troubled = false;
  pausedMs = 0;
  troubledMs = 0;
  /** Seconds in which nothing held the clock, since it last stood for a fault or was last let go. */
  readonly #free = new Set<number>();

  pass(from: number, to: number): void {
    for (let at = from; at < to; at += SECOND) {
      if (!this.paused && !this.troubled) this.#free.add(at);
      else if (this.paused && this.pausedMs < MAX_PAUSE_MS) this.pausedMs += SECOND;
      else if (this.troubled) this.#trouble();
    }
  }

  /** Media that went before it was told: those seconds count as well, each once. */
  lose(since: number, now: number): void {
    if (this.troubled) return;
    this.troubled = true;
    for (let at = since; at < now; at += SECOND) if (this.#free.has(at)) this.#trouble();
    this.#free.clear();
  }

  /** Nobody claims time from before the clock last stood. */
  recover(): void {
    if (this.troubled) this.#free.clear();
    this.troubled = false;
  }

  unpause(): void {
    if (this.paused) this.#free.clear();
    this.paused = false;
  }

  /** When the time is up. */
  get deadline(): number {
    return deadline + this.pausedMs + this.troubledMs;
  }

  #trouble(): void {
    if (this.troubledMs < MAX_TROUBLE_MS) this.troubledMs += SECOND;
  }
}

const happening = fc.oneof(
  fc.record({ type: fc.constantFrom('pause', 'recovered', 'reconnect', 'takeover', 'tick') }),
  fc.record({ type: fc.constant('unpause'), silent: fc.boolean() }),
  fc.record({ type: fc.constant('trouble'), ago: fc.nat(120) }),
);
const talks = fc.array(fc.tuple(happening, fc.nat(120)), { maxLength: 60, size: 'max' });

it('in no order of pauses, faults, reconnects, takeovers and ticks is there more time than allowed, or less than owed', () => {
  fc.assert(
    fc.property(talks, (inputs) => {
      const talk = new Talk().begin().reach('project');
      const watch = new Stopwatch();
      for (const [input, seconds] of inputs) {
        watch.pass(talk.now, talk.now + seconds * SECOND);
        talk.now += seconds * SECOND;
        happen(talk, watch, input);
        if (talk.state.end !== null) {
          expect(talk.now).toBeGreaterThanOrEqual(watch.deadline);
          return;
        }
        expect(deadlineAt(talk.state, talk.now)).toBe(watch.deadline);
        if (input.type === 'tick') expect(talk.now).toBeLessThan(watch.deadline);
      }
    }),
    { numRuns: 500 },
  );
});

function happen(talk: Talk, watch: Stopwatch, input: { type: string; ago?: number }): void {
  switch (input.type) {
    case 'takeover':
      talk.state = restoreInterview(JSON.parse(JSON.stringify(talk.state)));
      return;
    case 'reconnect':
      watch.recover();
      talk.take({ type: 'began', deadline: talk.now + 600_000, call: 'another' });
      return;
    case 'trouble': {
      const since = Math.max(start, talk.now - (input.ago ?? 0) * SECOND);
      watch.lose(since, talk.now);
      talk.take({ type: 'trouble', since });
      return;
    }
    case 'tick':
      talk.take({ type: 'tick', speaking: false });
      return;
    default:
      if (input.type === 'recovered') watch.recover();
      else if (input.type === 'unpause') watch.unpause();
      else watch.paused = true;
      talk.take(input);
  }
}
