import { MISSING_WORDS, noteOf, speakerOf } from './say.ts';
import type { ExportedReport, Part } from './timeline.ts';

const columns = [
  'number',
  'call',
  'start_ms',
  'end_ms',
  'speaker',
  'status',
  'question',
  'text',
  'correction',
  'entry_id',
];

/** Spreadsheets take cells that begin so for formulas, full-width signs too, behind spaces too (OWASP, «CSV Injection»). */
const FORMULA = /^\s*[=+\-@＝＋－＠|]|^[\t\r\n]/u;
/** Tells spreadsheets that it is UTF-8. */
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * The conversation as a table: RFC 4180, every cell quoted, one row a line and one where words may be missing. A text that
 * a spreadsheet would run as a formula has an apostrophe before it.
 */
export function csv(parts: readonly Part[], { report }: ExportedReport): string {
  const questions = new Map(report.questions.map(({ id, text }) => [id, text]));
  const said = parts.filter((part) => part.kind !== 'reconnect');
  const rows = said.map((part, index) => {
    if (part.kind === 'missing') {
      return [index + 1, '', '', '', '', 'missing', '', MISSING_WORDS, '', ''];
    }
    const { line, start, end, correction } = part;
    return [
      index + 1,
      line.call_ordinal,
      start,
      end,
      speakerOf(line),
      line.status,
      questions.get(line.question_id ?? ''),
      line.text === '' ? noteOf(line) : line.text,
      correction,
      line.entry_id,
    ];
  });
  const lines = [columns, ...rows].map((cells) => `${cells.map(cell).join(',')}\r\n`);
  return BYTE_ORDER_MARK + lines.join('');
}

function cell(value: string | number | null | undefined): string {
  const text = String(value ?? '');
  const harmless = typeof value === 'string' && FORMULA.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}
