import type { Plugin } from 'rollup';
import { edited, pieces, type Edit, type Piece } from './syntax-tree.ts';

interface Member extends Piece {
  object: Piece;
  property: Piece;
}

const NAME = 'logger';

/** `logger` or `#logger` itself. */
const isName = (piece: Piece): boolean => 'name' in piece && piece.name === NAME;

const isMember = (piece: Piece): piece is Member => piece.type === 'MemberExpression';

/** `logger`, `context.logger`, `this.#logger`. */
const isLogger = (piece: Piece): boolean =>
  isName(piece) || (isMember(piece) && isName(piece.property));

/** `logger.warn(…)`, whatever it tells. */
const isCall = (piece: Piece): boolean =>
  'callee' in piece && isMember(piece.callee as Piece) && isLogger((piece.callee as Member).object);

/** The name stands alone, and neither names a property nor a part of one. */
function isAlone(piece: Piece, around: Piece): boolean {
  if (!isName(piece) || around.type.startsWith('Property')) return false;
  return !isMember(around) || around.object === piece;
}

/**
 * Takes out all that the SDK tells a logger, and hands a logger on to nobody: the element has no door for one, so nobody
 * would ever read it.
 */
export const withoutLog: Plugin = {
  name: 'without-log',
  transform(code, id) {
    if (!id.includes('/packages/rtc/src/')) return null;
    const all = [...pieces(this.parse(code))];
    const calls = all.filter(([piece]) => isCall(piece)).map(([piece]) => piece);
    const rest = all.filter(
      ([piece]) => !calls.some((call) => call.start <= piece.start && piece.end <= call.end),
    );
    const odd = rest.find(([piece]) => isMember(piece) && isLogger(piece.object));
    if (odd !== undefined) this.error('A logger is used otherwise than by a call.', odd[0].start);
    const edits: Edit[] = calls.map(({ start, end }) => ({ start, end, text: 'undefined' }));
    // Where the name is needed otherwise, the patterns that make it stay.
    const needed = rest.some(([piece, around]) => isAlone(piece, around));
    for (const [piece, around] of rest) {
      if (piece.type !== 'Property' || !isName((piece as Piece & { key: Piece }).key)) continue;
      if (needed && around.type === 'ObjectPattern') continue;
      const comma = /^\s*,/.exec(code.slice(piece.end))?.[0] ?? '';
      edits.push({ start: piece.start, end: piece.end + comma.length, text: '' });
    }
    return { code: edited(code, edits), map: null };
  },
};
