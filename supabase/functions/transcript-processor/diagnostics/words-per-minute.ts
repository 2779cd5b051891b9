import type { Metric } from '@interview/protocol';
import { hasWords, heardSpan, type Line } from './line.ts';
import { reliabilityOf } from './reliability.ts';
import { speechMs } from './speech-ms.ts';
import { wordsOf } from './words.ts';

/** Less speech than this, milliseconds, or fewer words say nothing about how fast somebody speaks. */
const LEAST_SPEECH_MS = 30_000;
const LEAST_WORDS = 50;

/**
 * How fast the candidate spoke: 60 000 · words / S_c, over the lines whose words and times are known. Null below 30 s or
 * 50 words. At best `medium`: the provider's transcription leaves words out.
 */
export function wordsPerMinute(
  lines: readonly Line[],
  language: string,
  complete: boolean,
): Metric {
  const spoken = lines.filter(
    (line) => line.role === 'candidate' && hasWords(line) && heardSpan(line) !== null,
  );
  const n = spoken.reduce((sum, { text }) => sum + wordsOf(text, language).length, 0);
  const speech = speechMs(spoken);
  const enough = speech >= LEAST_SPEECH_MS && n >= LEAST_WORDS;
  return {
    value: enough ? (60_000 * n) / speech : null,
    n,
    reliability: reliabilityOf('medium', n, 200, complete),
  };
}
