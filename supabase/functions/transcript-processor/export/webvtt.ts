import { captionsOf, timestamp } from './captions.ts';
import type { Part } from './timeline.ts';

/** Characters that mean something in the text of a cue: W3C WebVTT, «cue text». `-->` can't come about without `>`. */
const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Captions as WebVTT, who speaks as voice spans. Players lay each line out by its own direction. */
export function webvtt(parts: readonly Part[]): string {
  const cues = captionsOf(parts).map(({ start, end, speaker, lines }, index) => {
    const text = lines.join('\n').replace(/[&<>]/g, (character) => escapes[character] ?? '');
    const voice = speaker === null ? '' : `<v ${speaker}>`;
    return `${index + 1}\n${timestamp(start, '.')} --> ${timestamp(end, '.')}\n${voice}${text}\n`;
  });
  return ['WEBVTT\n', ...cues].join('\n');
}
