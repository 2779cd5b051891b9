import { linesOf, MISSING_WORDS, noteOf, speakerOf } from './say.ts';
import type { ExportedReport, Part } from './timeline.ts';

/** The conversation to be read: CommonMark, a heading where a question was put, a paragraph a line. */
export function markdown(parts: readonly Part[], exported: ExportedReport): string {
  const questions = new Map(exported.report.questions.map(({ id, text }) => [id, text]));
  let open: string | null = null;
  const blocks = parts.flatMap((part) => {
    if (part.kind === 'missing') return [escaped(MISSING_WORDS)];
    if (part.kind === 'reconnect') return ['---', '*The call was made again.*'];
    const { question_id: question } = part.line;
    const heading =
      question !== null && question !== open
        ? [`## ${flat(questions.get(question) ?? question)}`]
        : [];
    open = question;
    return [...heading, ...paragraphs(part)];
  });
  return `${[...head(exported), ...blocks].join('\n\n')}\n`;
}

function head({ report, revision }: ExportedReport): string[] {
  const facts = [
    `Session: ${report.session_id}`,
    `Started: ${report.started_at ?? 'never'}`,
    `Length: ${report.duration_s === null ? 'unknown' : clock(report.duration_s * 1000)}`,
    `Version: ${revision}`,
    `Fingerprint (SHA-256): ${report.transcript_sha256}`,
    ...(report.counts.gaps > 0 ? [`Ranges of rows that never came: ${report.counts.gaps}`] : []),
    ...(report.unsupervised_calls.length > 0
      ? [`Calls that nobody supervised: ${report.unsupervised_calls.join(', ')}`]
      : []),
  ];
  return ['# Interview transcript', facts.map((fact) => `- ${flat(fact)}`).join('\n')];
}

function paragraphs(part: Extract<Part, { kind: 'line' }>): string[] {
  const { line, start, correction } = part;
  const note = noteOf(line);
  const name = `**${speakerOf(line)}**${start === null ? '' : ` · ${clock(start)}`}`;
  // Words in a paragraph of their own, so that it runs in their direction and not in the name's.
  const words = escaped(line.text);
  return [
    note === '' ? name : `${name} · *${escaped(note)}*`,
    ...(words === '' ? [] : [words]),
    ...(correction === null ? [] : [quoted(`The candidate’s own wording:\n${correction}`)]),
  ];
}

function quoted(text: string): string {
  return escaped(text).replaceAll(/^/gm, '> ');
}

/** Text in which nothing is taken for Markdown or HTML; its own line breaks stay. */
function escaped(text: string): string {
  return linesOf(text).map(escapedLine).join('\\\n');
}

function flat(text: string): string {
  return linesOf(text).map(escapedLine).join(' ');
}

function escapedLine(line: string): string {
  return (
    line
      .replace(/[\\`*_{}[\]<>#|~&$^]/g, '\\$&')
      // What makes a list, a rule or a heading, at the beginning of a line only.
      .replace(/^[-+=]/, '\\$&')
      .replace(/^(\d+)([.)])/, '$1\\$2')
  );
}

function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
