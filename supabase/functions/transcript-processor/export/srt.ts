import { captionsOf, timestamp } from './captions.ts';
import type { Part } from './timeline.ts';

/** Scripts that run from right to left: a line of them behind a Latin name would be laid out the wrong way round. */
const RIGHT_TO_LEFT =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;
/** They steer the direction of what follows and say nothing. */
const DIRECTION_CONTROLS = /[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/gu;
const FIRST_STRONG_ISOLATE = '\u2068';
const POP_ISOLATE = '\u2069';

/**
 * Captions as SubRip. The format has no escapes and players read tags in it, so what would begin one is written with
 * look-alikes (`‹`, `›`): whoever needs the very characters takes JSON or WebVTT.
 */
export function srt(parts: readonly Part[]): string {
  return captionsOf(parts)
    .map(({ start, end, speaker, lines }, index) => {
      const [first = '', ...others] = lines.map(plain);
      const text = [speaker === null ? first : `${speaker}: ${first}`, ...others].join('\n');
      return `${index + 1}\n${timestamp(start, ',')} --> ${timestamp(end, ',')}\n${text}\n`;
    })
    .join('\n');
}

function plain(line: string): string {
  const text = line
    .replaceAll('<', '‹')
    .replaceAll('>', '›')
    .replaceAll('{\\', '{ \\')
    .replace(DIRECTION_CONTROLS, '');
  return RIGHT_TO_LEFT.test(text) ? `${FIRST_STRONG_ISOLATE}${text}${POP_ISOLATE}` : text;
}
