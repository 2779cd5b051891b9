/**
 * How the transcript bears an interview of three hours: `node --conditions=source --expose-gc
 * packages/rtc/bench/assembler.ts`. Prints what a turn costs in the first thousand and in the last, what it holds, and
 * how long a page is blocked that finds 1,000 events waiting and then reads the lines. On a machine that does other
 * work too the worst block says more about that; the median is what is held to the mark.
 */
import { openAiRealtime } from '../src/conversation/openai-realtime.ts';
import { callId, longTalkTurn } from '../src/testing/conversation-events.ts';
import { TranscriptLog } from '../src/transcript/log.ts';

const TURNS = 10_000;
const TURN_MS = 1_080;
const QUEUED = 1_000;
const BLOCKS = 25;
/** A frame at 60 a second. */
const FRAME_MS = 16;

const perTurn = longTalkTurn(0).length;
const messages = Array.from({ length: TURNS + Math.ceil((BLOCKS * QUEUED) / perTurn) }, (_, turn) =>
  longTalkTurn(turn).map((event) => JSON.stringify(event)),
);

function heapBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

/** Plays the whole interview, and gives what each thousand of turns took, milliseconds. */
function interview(): { log: TranscriptLog; hear: (message: string) => void; tookMs: number[] } {
  const log = new TranscriptLog();
  const assembler = log.openCall(callId, 0);
  let atMs = 0;
  const hear = (message: string): void => {
    assembler.apply(openAiRealtime.decode(message).changes, atMs);
  };
  const tookMs: number[] = [];
  for (let from = 0; from < TURNS; from += 1_000) {
    const begun = performance.now();
    for (const turn of messages.slice(from, from + 1_000)) {
      turn.forEach(hear);
      assembler.tick((atMs += TURN_MS));
    }
    tookMs.push(performance.now() - begun);
  }
  return { log, hear, tookMs };
}

interview();
const before = heapBytes();
const { log, hear, tookMs } = interview();
const held = heapBytes() - before;
const lines = log.lines.length;
const waiting = messages.slice(TURNS).flat();
const readMs: number[] = [];
const blocksMs = Array.from({ length: BLOCKS }, (_, block) => {
  const begun = performance.now();
  waiting.slice(block * QUEUED, (block + 1) * QUEUED).forEach(hear);
  const heard = performance.now();
  if (log.lines.length < lines) throw new Error('Lines were lost.');
  readMs.push(performance.now() - heard);
  return performance.now() - begun;
});

const medianOf = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Infinity;
const median = medianOf(blocksMs);
const total = tookMs.reduce((sum, ms) => sum + ms, 0);
const show = (value: number | undefined): string =>
  (value ?? 0).toLocaleString('en', { maximumFractionDigits: 1 });
console.log(`${show(TURNS)} turns of ${perTurn} events, ${show(lines)} lines`);
console.log(`turns a second: ${show((TURNS / total) * 1_000)}`);
console.log(
  `a turn: ${show(tookMs[0])} µs in the first thousand, ${show(tookMs.at(-1))} µs in the last`,
);
console.log(`heap a turn: ${show(held / TURNS)} bytes, ${show(held / 1_000_000)} MB in all`);
console.log(
  `${show(QUEUED)} events at ${show(TURNS)} turns, and all lines read: ${show(median)} ms (median), ` +
    `${show(Math.max(...blocksMs))} ms (worst of ${BLOCKS}), of which reading ${show(medianOf(readMs))} ms; ` +
    `mark ${FRAME_MS} ms`,
);
process.exit(median < FRAME_MS ? 0 : 1);
