import { continuedName, jsonBytes, MAX_ENTRY_TEXT_BYTES } from '@interview/protocol';

/** As much of a row as tells whether another goes on with it. */
export interface Fragment {
  entry_id: string;
  role: string;
  text: string;
  source: string;
}

/**
 * Joins the rows of an utterance that was too long for one, so that a reader has it in one piece. Rows are joined where
 * they stand one behind the other, come from the same side, are numbered without a gap, and the one before is full: what
 * an older revision left behind stays a line of its own, and so does what comes behind a piece that is missing.
 *
 * @param rows in the order of the conversation
 */
export function mergeFragments<T extends Fragment>(rows: readonly T[]): T[] {
  const merged: T[] = [];
  let beginning: T | undefined;
  let last: T | undefined;
  let texts: string[] = [];
  for (const row of rows) {
    const next = beginning && continuedName(beginning.entry_id, texts.length);
    if (beginning && last && row.entry_id === next && goesOn(last, row)) {
      texts.push(row.text);
      merged[merged.length - 1] = { ...beginning, text: texts.join('') };
    } else {
      beginning = row;
      texts = [row.text];
      merged.push(row);
    }
    last = row;
  }
  return merged;
}

function goesOn(before: Fragment, row: Fragment): boolean {
  const [character] = row.text;
  return (
    character !== undefined &&
    before.role === row.role &&
    before.source === row.source &&
    jsonBytes(before.text) + jsonBytes(character) - 2 > MAX_ENTRY_TEXT_BYTES
  );
}
