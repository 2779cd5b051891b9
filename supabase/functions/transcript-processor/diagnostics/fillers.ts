import type { Metric } from '@interview/protocol';
import { hasWords, isTyped, type Line } from './line.ts';
import { wordsOf } from './words.ts';

/** Sounds of hesitation by language; words such as «like» or «also» mean something and are none. */
const fillers: Partial<Record<string, readonly string[]>> = {
  de: ['äh', 'ähm', 'öh', 'öhm', 'hm', 'hmm'],
  en: ['uh', 'uhm', 'um', 'umm', 'er', 'erm', 'hm', 'hmm', 'mm'],
  es: ['eh', 'ehm', 'em', 'mmm'],
  fr: ['euh', 'heu', 'hum', 'hmm'],
  it: ['eh', 'ehm', 'uhm', 'mmm'],
  nl: ['eh', 'ehm', 'uh', 'uhm', 'hm'],
  pt: ['eh', 'hã', 'hum', 'uhm'],
};

/**
 * Sounds of hesitation among a hundred words of the candidate: 100 · sounds / words. Null without words or where the
 * language has no list. Always `low`: transcription leaves most of such sounds out.
 */
export function fillersPer100Words(lines: readonly Line[], language: string): Metric {
  const list = fillers[language.split('-')[0]?.toLowerCase() ?? ''];
  const words = lines
    .filter((line) => line.role === 'candidate' && hasWords(line) && !isTyped(line))
    .flatMap(({ text }) => wordsOf(text, language));
  const n = words.length;
  const found = words.filter((word) => list?.includes(word)).length;
  return { value: list && n > 0 ? (100 * found) / n : null, n, reliability: 'low' };
}
