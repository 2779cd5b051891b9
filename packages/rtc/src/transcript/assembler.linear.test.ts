import { describe, expect, it } from 'vitest';
import { openAiRealtime } from '../conversation/openai-realtime.ts';
import { callId, longTalkTurn } from '../testing/conversation-events.ts';
import { Assembler } from './assembler.ts';

/** One measurement: so many turns are taken in, which is about a thousand events. */
const TURNS = 40;
const MEASUREMENTS = 25;

/** A talk that can be taken further. */
class LongTalk {
  readonly assembler = new Assembler(callId);
  #turns = 0;

  /** @returns how long it took, milliseconds */
  goOn(turns: number): number {
    const begun = performance.now();
    for (const until = this.#turns + turns; this.#turns < until; this.#turns++) {
      for (const event of longTalkTurn(this.#turns))
        this.assembler.apply(openAiRealtime.decode(event).changes, this.#turns * 1_000);
      this.assembler.tick(this.#turns * 1_000);
    }
    return performance.now() - begun;
  }

  /** @returns how long it takes to read the lines, milliseconds */
  read(offsetMs: number): number {
    const begun = performance.now();
    this.assembler.lines(offsetMs);
    return performance.now() - begun;
  }
}

/** Whatever else the machine does can only make it longer. */
const quietest = (values: number[]): number => Math.min(...values);

describe('Assembler in an interview of three hours', () => {
  it('takes as long for an event at its end as in its first minutes', { timeout: 60_000 }, () => {
    const [short, long] = [new LongTalk(), new LongTalk()];
    short.goOn(1_000);
    long.goOn(10_000);
    expect([short.assembler.lines(0).length, long.assembler.lines(0).length]).toEqual([2e3, 2e4]);
    // In turn, so that what disturbs the one disturbs the other too.
    const pairs = Array.from({ length: MEASUREMENTS }, () => [short.goOn(TURNS), long.goOn(TURNS)]);
    const [early, late] = [0, 1].map((which) => quietest(pairs.map((pair) => pair[which] ?? 0)));
    expect((late ?? Infinity) / (early ?? 0)).toBeLessThanOrEqual(3);
  });

  it(
    'reads the lines without making again those that have not changed',
    { timeout: 60_000 },
    () => {
      const talk = new LongTalk();
      talk.goOn(5_000);
      talk.read(0);
      const pairs = Array.from({ length: MEASUREMENTS }, (_, measurement) => {
        talk.goOn(1);
        // With another offset each line is another.
        const all = talk.read(measurement + 1);
        talk.goOn(1);
        return [all, talk.read(measurement + 1)];
      });
      const [all, few] = [0, 1].map((which) => quietest(pairs.map((pair) => pair[which] ?? 0)));
      expect((all ?? 0) / (few ?? Infinity)).toBeGreaterThan(2);
    },
  );
});
