import type { TranscriptLine } from '@interview/rtc';
import type { Translation } from '../translations/en.ts';
import { clockText } from '../view-model.ts';

/** What a copy is made of. */
export interface CopyParts {
  readonly title: string;
  readonly company: string;
  readonly lines: readonly TranscriptLine[];
  /** The candidate's own wording of a line, or null. */
  readonly own: (line: TranscriptLine) => string | null;
  readonly words: Translation;
}

/** The talk as plain text, for the candidate's own records. Pure. */
export function copyText({ title, company, lines, own, words }: CopyParts): string {
  const said = lines
    .filter(({ status, text }) => status !== 'partial' && text !== '')
    .map((line) => {
      const who = line.role === 'candidate' ? words.you : words.interviewer;
      const at = line.atMs === null ? '' : ` ${clockText(line.atMs / 1000)}`;
      const mine = own(line);
      const more = mine === null ? '' : `\n(${words.corrected}) ${mine}`;
      return `${who}${at}\n${line.text}${more}`;
    });
  return `${[words.copyTitle(title, company), ...said].join('\n\n')}\n`;
}

/** Hands a text file to the browser; nothing goes over the network. */
export function saveText(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken it by the next task.
  setTimeout(() => URL.revokeObjectURL(url));
}
