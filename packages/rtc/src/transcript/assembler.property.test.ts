import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callId, type Wire } from '../testing/conversation-events.ts';
import { openAiRealtime } from '../conversation/openai-realtime.ts';
import { exchanges, picks } from '../testing/random-talk.ts';
import { inBeta, interleave, type Told } from '../testing/talk.ts';
import { writeTalk } from '../testing/write-talk.ts';
import { Assembler } from './assembler.ts';
import type { Row } from './revisions.ts';

/** How many talks each property is tried with; `npm run soak` runs them again and again, each time with others. */
const RUNS = { numRuns: 150 };

/** Hands over the events, with a look at the clock after each, and closes the call. */
function hear(events: readonly Wire[], gapsMs: readonly number[] = [0]): [Assembler, Row[]] {
  const assembler = new Assembler(callId);
  let atMs = 0;
  const rows = events.flatMap((event, index) => {
    atMs += gapsMs[index % gapsMs.length] ?? 0;
    const { changes, problem } = openAiRealtime.decode(JSON.stringify(event));
    expect(problem).toBeNull();
    return [...assembler.apply(changes, atMs), ...assembler.tick(atMs)];
  });
  return [assembler, [...rows, ...assembler.close()]];
}

/** What a store holds that applied the rows by revision, in order. */
function stored(rows: readonly Row[]): Told[] {
  const last = new Map<string, Row>();
  for (const row of rows) {
    expect(row.revision).toBe((last.get(row.entry_id)?.revision ?? -1) + 1);
    last.set(row.entry_id, row);
  }
  const inOrder = [...last.values()].sort((a, b) => a.position - b.position);
  expect(new Set(inOrder.map(({ position }) => position)).size).toBe(inOrder.length);
  return inOrder.map(({ item_id, role, status, text, heard_ms }) => ({
    item: item_id,
    role,
    status,
    text,
    heardMs: heard_ms,
  })) as Told[];
}

const shown = (assembler: Assembler): Told[] =>
  assembler.lines(0).map(({ id, role, status, text, heardMs }) => ({
    item: id.slice(callId.length + 1),
    role,
    status,
    text,
    heardMs,
  })) as Told[];

describe('Assembler, with any talk', () => {
  it('hands out the same rows and shows the same lines, in whatever legal order the events come', () => {
    fc.assert(
      fc.property(exchanges(5), picks, (drawn, chosen) => {
        const { steps, told } = writeTalk(drawn);
        const [assembler, rows] = hear(interleave(steps, chosen));
        expect(stored(rows)).toEqual(told);
        expect(shown(assembler)).toEqual(told);
        expect(assembler.open).toBe(0);
      }),
      RUNS,
    );
  });

  it('comes to the same end however long things are waited for', () => {
    const gaps = fc.array(fc.constantFrom(0, 0, 500, 2_500, 12_000), { minLength: 1 });
    fc.assert(
      fc.property(exchanges(4), picks, gaps, (drawn, chosen, gapsMs) => {
        const { steps, told } = writeTalk(drawn);
        const [assembler, rows] = hear(interleave(steps, chosen), gapsMs);
        expect(stored(rows)).toEqual(told);
        expect(shown(assembler)).toEqual(told);
      }),
      RUNS,
    );
  });

  it('shows the same lines whether they are read after each event or seldom', () => {
    const read = (assembler: Assembler, offsetMs: number): unknown[] =>
      assembler.lines(offsetMs).map((line) => ({ ...line, atMs: null }));
    const gaps = fc.array(fc.constantFrom(0, 0, 500, 2_500, 12_000), { minLength: 1 });
    fc.assert(
      fc.property(exchanges(4), picks, gaps, (drawn, chosen, gapsMs) => {
        const [often, seldom] = [new Assembler(callId), new Assembler(callId)];
        let atMs = 0;
        for (const [index, event] of interleave(writeTalk(drawn).steps, chosen).entries()) {
          atMs += gapsMs[index % gapsMs.length] ?? 0;
          const { changes } = openAiRealtime.decode(event);
          for (const one of [often, seldom]) {
            one.apply(changes, atMs);
            one.tick(atMs);
          }
          // Another offset makes every line anew.
          expect(read(often, 0)).toEqual(read(seldom, index + 1));
        }
      }),
      RUNS,
    );
  });

  it('understands the names of the API that was removed', () => {
    fc.assert(
      fc.property(exchanges(3), picks, (drawn, chosen) => {
        const { steps, told } = writeTalk(drawn);
        const [assembler, rows] = hear(
          interleave(steps, chosen).flatMap((event) => inBeta(event) ?? []),
        );
        expect(stored(rows)).toEqual(told);
        expect(shown(assembler)).toEqual(told);
      }),
      RUNS,
    );
  });

  it('hands out nothing more when what is final is told again', () => {
    const again = fc.array(fc.nat({ max: 999 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(exchanges(3), picks, again, (drawn, chosen, places) => {
        const events = interleave(writeTalk(drawn).steps, chosen);
        const [, once] = hear(events);
        const [, more] = hear(repeat(events, places));
        expect(more).toEqual(once);
      }),
      RUNS,
    );
  });
});

/** The events, and copies of those that tell a final text, each somewhere behind the first. */
function repeat(events: readonly Wire[], places: readonly number[]): Wire[] {
  const repeated = [...events];
  for (const place of places) {
    const at = place % repeated.length;
    const event = repeated[at];
    if (!event || !/\.(done|completed)$/.test(event.type)) continue;
    repeated.splice(at + 1 + (place % (repeated.length - at)), 0, event);
  }
  return repeated;
}
