import type { Plugin } from 'rollup';
import { edited, pieces, type Piece } from './syntax-tree.ts';

interface Template extends Piece {
  tag: { name?: string };
  quasi: { quasis: Piece[] };
}

const squeeze: Partial<Record<string, (text: string) => string>> = {
  css: (text) =>
    text
      .replace(/\s*\n\s*/g, ' ')
      .replace(/([{}:;,]) /g, '$1')
      .replaceAll(' {', '{'),
  html: (text) =>
    text
      .replace(/\s*\n\s*/g, ' ')
      // Inside of a tag, where blanks only part attributes, and one word needs no quotes.
      .replace(/(?<=<[^>]*) (?=>)/g, '')
      .replace(/(?<= [\w-]+=)"([\w-]+)"(?=[ >])/g, '$1'),
};

/** Takes out of markup and styles what means nothing to a browser. */
export const tightTemplates: Plugin = {
  name: 'tight-templates',
  transform(code, id) {
    if (!id.includes('/packages/room/src/')) return null;
    const edits = [...pieces(this.parse(code))].flatMap(([piece]) => {
      if (piece.type !== 'TaggedTemplateExpression') return [];
      const { tag, quasi } = piece as Template;
      const tight = squeeze[tag.name ?? ''];
      if (tight === undefined) return [];
      return quasi.quasis.map(({ start, end }) => {
        // Up to and with the backtick, or the brace of a hole.
        const behind = end + (code[end] === '`' ? 1 : 2);
        return {
          start,
          end: behind,
          text: tight(code.slice(start, end)) + code.slice(end, behind),
        };
      });
    });
    return { code: edited(code, edits), map: null };
  },
};
