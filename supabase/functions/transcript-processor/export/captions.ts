import { linesOf, MISSING_WORDS, noteOf, speakerOf } from './say.ts';
import type { Part } from './timeline.ts';

/** One caption. Times from the start of the talk, milliseconds. */
export interface Caption {
  start: number;
  end: number;
  /** Null where nobody says it. */
  speaker: string | null;
  /** Not empty, and no line of it is. */
  lines: string[];
}

/** How long a caption stays at least, milliseconds. */
const LEAST_MS = 1000;
/** Reading speed where nobody knows how long it was said, characters a second: a usual limit for subtitles. */
const READ_PER_S = 15;

/** The talk as captions: each begins no earlier than the one before, as WebVTT has it, and lasts long enough to be seen. */
export function captionsOf(parts: readonly Part[]): Caption[] {
  const captions: Caption[] = [];
  for (const part of parts) {
    if (part.kind === 'reconnect') continue;
    const before = captions.at(-1);
    const begin = (part.kind === 'line' ? part.start : null) ?? before?.end ?? 0;
    const start = Math.max(begin, before?.start ?? 0);
    if (part.kind === 'missing') {
      captions.push({ start, end: start + LEAST_MS, speaker: null, lines: [MISSING_WORDS] });
      continue;
    }
    const lines = linesOf(part.line.text);
    const note = noteOf(part.line);
    if (note !== '') lines.push([lines.pop(), note].filter((text) => text !== undefined).join(' '));
    const characters = lines.join(' ').length;
    const end = part.end ?? start + (1000 * characters) / READ_PER_S;
    captions.push({
      start,
      end: Math.round(Math.max(end, start + LEAST_MS)),
      speaker: speakerOf(part.line),
      lines,
    });
  }
  return captions;
}

/** A time as subtitles write it: hours, minutes, seconds, and milliseconds behind `separator`. */
export function timestamp(ms: number, separator: '.' | ','): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const clock = `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}`;
  return `${clock}${separator}${String(ms % 1000).padStart(3, '0')}`;
}
