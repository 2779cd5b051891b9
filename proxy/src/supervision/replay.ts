import { OWN_ITEM_PREFIX, type CreatableItem, type TranscriptRow } from '@interview/protocol';

/** What a model needs to go on naturally; older turns are left out, characters. */
const MAX_CHARACTERS = 24_000;

/** Earlier turns as items of a new call, oldest first. Lines that nobody heard or understood are left out. */
export function replayItems(rows: readonly TranscriptRow[]): CreatableItem[] {
  const kept: CreatableItem[] = [];
  let characters = 0;
  for (const row of rows.toReversed()) {
    const heardNothing = row.status === 'interrupted' && row.heard_ms === 0;
    if (row.text.trim() === '' || row.status === 'failed' || heardNothing) continue;
    characters += row.text.length;
    if (characters > MAX_CHARACTERS) break;
    const item = itemOf(row, `${OWN_ITEM_PREFIX.replay}${rows.length - kept.length}`);
    if (item) kept.push(item);
  }
  return kept.toReversed();
}

function itemOf(row: TranscriptRow, id: string): CreatableItem | null {
  if (row.role === 'candidate') {
    const content = [{ type: 'input_text' as const, text: row.text }];
    return { id, type: 'message', role: 'user', content };
  }
  if (row.role === 'interviewer') {
    // The model must not believe that a cut line was heard to its end.
    const text = row.status === 'interrupted' ? `${row.text} …` : row.text;
    return { id, type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] };
  }
  return null;
}
