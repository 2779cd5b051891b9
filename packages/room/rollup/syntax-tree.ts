/** A piece of code in the syntax tree that rollup's parser gives. */
export interface Piece {
  readonly type: string;
  /** Where it stands in the code, in characters. */
  readonly start: number;
  readonly end: number;
}

/** A change of the text between two places. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function isPiece(value: unknown): value is Piece {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

/** Every piece of a tree with the one around it, from the outside in. */
export function* pieces(tree: Piece, around = tree): Generator<[piece: Piece, around: Piece]> {
  yield [tree, around];
  for (const part of Object.values(tree).flat() as unknown[]) {
    if (isPiece(part)) yield* pieces(part, tree);
  }
}

/**
 * The code with these changes; of two that overlap the outer one counts. Every line stays where it was, which keeps
 * source maps right: a change that takes lines away gives them back behind itself, so it must end outside of texts.
 */
export function edited(code: string, edits: readonly Edit[]): string {
  const lines = (text: string): number => text.split('\n').length;
  let done = 0;
  let text = '';
  for (const edit of edits.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (edit.start < done) continue;
    const lost = lines(code.slice(edit.start, edit.end)) - lines(edit.text);
    text += code.slice(done, edit.start) + edit.text + '\n'.repeat(lost);
    done = edit.end;
  }
  return text + code.slice(done);
}
