import type { ReportUtterance } from '@interview/protocol';

const speakers: Record<ReportUtterance['role'], string> = {
  candidate: 'Candidate',
  interviewer: 'Interviewer',
  system: 'System',
};

const notes: Partial<Record<string, string>> = {
  interrupted: '[interrupted]',
  inaudible: '[inaudible]',
  failed: '[not transcribed]',
};

/** What stands where rows are missing. */
export const MISSING_WORDS = '[words may be missing here]';

/** Who speaks, in words. */
export function speakerOf({ role }: ReportUtterance): string {
  return speakers[role];
}

/** What a reader must know beside the words; empty where there is nothing. */
export function noteOf({ status, text }: ReportUtterance): string {
  return notes[status] ?? (text.trim() === '' ? '[no words]' : '');
}

/** The lines of a text, without empty ones: in subtitles an empty line ends what is shown. */
export function linesOf(text: string): string[] {
  return text
    .split(/[\n\v\f\r\u0085\u2028\u2029]/u)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
