import fc from 'fast-check';
import type { Exchange } from './talk.ts';

/** Talks of all kinds, the simplest first. */
export const exchanges = (turns: number): fc.Arbitrary<Exchange[]> =>
  fc.array(
    fc.record<Exchange>({
      turn: fc.constantFrom('spoken', 'spoken', 'spoken', 'typed', 'silence'),
      transcription: fc.constantFrom('completed', 'completed', 'failed', 'never', 'empty'),
      coughs: fc.nat({ max: 2 }),
      tools: fc.nat({ max: 2 }),
      items: fc.constantFrom(1, 1, 0, 2, 3),
      written: fc.boolean(),
      interrupted: fc.constantFrom(null, null, 'A', 'B', 'C', 'D'),
      cut: fc.nat({ max: 2 }),
      heardMs: fc.nat({ max: 5_000 }),
      aside: fc.constantFrom(null, null, 'steering', 'note', 'unknown'),
      insertedAfter: fc.option(fc.nat({ max: 40 }), { freq: 5 }),
      forgotten: fc.boolean(),
    }),
    { minLength: 1, maxLength: turns },
  );

/** Which of the steps that may come next does; none chosen is the order of the wire. */
export const picks: fc.Arbitrary<number[]> = fc.array(fc.nat({ max: 999 }), {
  minLength: 1,
  maxLength: 200,
});
