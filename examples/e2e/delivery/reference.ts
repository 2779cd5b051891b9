import { storableText, type WriterId } from '@interview/protocol';
import type { Row } from '../../../packages/rtc/src/delivery/outbox.ts';
import type { Backend, Session } from './backend.ts';

interface Handed {
  writer: WriterId;
  row: Row;
  /** The page said that it is stored. Until then it may be there or not. */
  stored: boolean;
}

type Stored = Record<string, unknown> & {
  writer_id: string;
  sequence: number;
  entry_id: string;
  text: string;
  tombstone: string | null;
};

/** Fields that come out as they went in; the text apart, which may be continued. */
const fields = [
  'revision',
  'role',
  'status',
  'call_id',
  'item_id',
  'previous_item_id',
  'started_ms',
  'ended_ms',
  'heard_ms',
  'language',
] as const;

/** What was said, as the harness knows it: written down when a row is handed over, and never read from the product. */
export class Reference {
  readonly #handed: Handed[] = [];

  /** @returns tells that the row is stored */
  hand(writer: WriterId, row: Row): () => void {
    const handed = { writer, row, stored: false };
    this.#handed.push(handed);
    return () => (handed.stored = true);
  }

  get length(): number {
    return this.#handed.length;
  }

  /** Everything in which the database differs from this. */
  async compare({ database }: Backend, session: Session): Promise<string[]> {
    const rows = (await database.sql(
      `select * from public.transcript_entries where session_id = $1 order by writer_id, sequence`,
      session.id,
    )) as Stored[];
    const problems = [
      ...new Set([...this.#handed, ...rows.map(asHanded)].map((one) => one.writer)),
    ].flatMap((writer) => this.#compareWriter(writer, rows.filter(by(writer))));
    const gaps = await database.sql(
      'select writer_id, first, last from private.absent_ranges($1)',
      session.id,
    );
    const [ended] = await database.sql(
      'select status, gaps from public.interview_sessions where id = $1',
      session.id,
    );
    return [
      ...problems,
      ...gaps.map((gap) => `the server knows of a gap: ${JSON.stringify(gap)}`),
      ...(ended?.['status'] === 'completed' ? [] : [`the session is ${String(ended?.['status'])}`]),
      ...(await this.#compareReading(database, session, rows)),
    ];
  }

  /** A writer's rows are those handed to it, in order: all that were stored, and of the rest a beginning. */
  #compareWriter(writer: WriterId, rows: Stored[]): string[] {
    const at = `writer ${writer}`;
    const broken = rows.findIndex(({ sequence }, index) => sequence !== index + 1);
    if (broken >= 0) return [`${at}: sequence ${broken + 1} is not there`];
    const dead = rows.find(({ tombstone }) => tombstone !== null);
    if (dead) return [`${at}: ${dead.sequence} is a tombstone: ${String(dead.tombstone)}`];
    let next = 0;
    let ended = false;
    for (const { row, stored } of this.#handed.filter((one) => one.writer === writer)) {
      const pieces = piecesOf(row, rows, next);
      const differs = difference(row, pieces, stored);
      if (differs !== null) return [`${at}: ${row.entry_id} revision ${row.revision} ${differs}`];
      // Of rows that a dying page was storing, none may be there behind one that is not.
      if (ended && pieces.length > 0) return [`${at}: ${row.entry_id} came before its turn`];
      ended = pieces.length === 0 || textOf(pieces) !== storableText(row.text);
      next += pieces.length;
    }
    return next === rows.length ? [] : [`${at}: row ${next + 1} was never handed over, or twice`];
  }

  /** Readers see the newest revision of each utterance, in the order in which they were said. */
  async #compareReading(
    database: Backend['database'],
    session: Session,
    rows: readonly Stored[],
  ): Promise<string[]> {
    const newest = new Map<string, Stored>();
    for (const row of rows) {
      const known = newest.get(row.entry_id);
      if (!known || Number(known['revision']) < Number(row['revision'])) {
        newest.set(row.entry_id, row);
      }
    }
    const expected = [...newest.values()]
      .sort((a, b) => Number(a['position']) - Number(b['position']))
      .map(({ entry_id, text }) => `${entry_id} ${text}`);
    const current = (
      await database.sql(
        'select entry_id, text from public.transcript_current where session_id = $1 order by ordinal',
        session.id,
      )
    ).map(({ entry_id, text }) => `${String(entry_id)} ${String(text)}`);
    return JSON.stringify(current) === JSON.stringify(expected)
      ? []
      : ['the transcript is not read in the order in which it was said'];
  }
}

const by =
  (writer: string) =>
  ({ writer_id }: Stored): boolean =>
    writer_id === writer;

function asHanded({ writer_id }: Stored): Pick<Handed, 'writer'> {
  return { writer: writer_id as WriterId };
}

/** The stored rows from `from` on that belong to one that was handed over: itself, and those that continue it. */
function piecesOf(row: Row, rows: readonly Stored[], from: number): Stored[] {
  const ids = (index: number): string =>
    index === 0 ? row.entry_id : `${row.entry_id}~${index + 1}`;
  let count = 0;
  while (
    rows[from + count]?.entry_id === ids(count) &&
    rows[from + count]?.['revision'] === row.revision
  ) {
    count += 1;
  }
  return rows.slice(from, from + count);
}

const textOf = (pieces: readonly Stored[]): string => pieces.map(({ text }) => text).join('');

function difference(row: Row, pieces: readonly Stored[], stored: boolean): string | null {
  const text = textOf(pieces);
  const expected = storableText(row.text);
  if (stored && pieces.length === 0) return 'is lost';
  if (stored ? text !== expected : !expected.startsWith(text)) return 'has another text';
  for (const piece of pieces) {
    const wrong = fields.find((field) => (piece[field] ?? null) !== (row[field] ?? null));
    if (wrong !== undefined) return `has another ${wrong}: ${String(piece[wrong])}`;
  }
  return null;
}
