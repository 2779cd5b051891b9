import type { Plugin } from 'rollup';
import { edited, pieces, type Piece } from './syntax-tree.ts';

const mark = /^(?:litHtml|reactiveElement|litElement)Versions$/;

interface Call extends Piece {
  callee: Piece & { object?: Piece & { left?: Piece & { property?: { name?: string } } } };
}

/** `(globalThis.litHtmlVersions ??= []).push('3.3.3')` */
function isMark(piece: Piece): boolean {
  if (piece.type !== 'CallExpression') return false;
  return mark.test((piece as Call).callee.object?.left?.property?.name ?? '');
}

/**
 * Takes out by what Lit counts itself in the page: three globals, for which a page that has a Lit of its own is warned of
 * several versions, though ours is nobody else's.
 */
export const withoutVersions: Plugin = {
  name: 'without-versions',
  transform(code, id) {
    if (!/\/node_modules\/(@lit|lit[^/]*)\//.test(id) || !code.includes('Versions')) return null;
    const marks = [...pieces(this.parse(code))].map(([piece]) => piece).filter(isMark);
    if (marks.length !== 1) this.error('Lit counts itself otherwise than it did.');
    const edits = marks.map(({ start, end }) => ({ start, end, text: '0' }));
    return { code: edited(code, edits), map: null };
  },
};
