import type { Plugin } from 'rollup';
import { edited, pieces, type Edit, type Piece } from './syntax-tree.ts';

interface PrivateName extends Piece {
  name: string;
}

/**
 * Calls the private members of every class alike, in the order in which they come: nobody outside of a class can tell,
 * and classes that look alike are packed smaller. A private name means what it means within its class body only.
 */
export const samePrivateNames: Plugin = {
  name: 'same-private-names',
  transform(code, id) {
    if (id.includes('/node_modules/')) return null;
    const edits = new Map<number, Edit>();
    for (const [body] of pieces(this.parse(code))) {
      if (body.type !== 'ClassBody') continue;
      const names: string[] = [];
      for (const [piece] of pieces(body)) {
        if (piece.type === 'ClassBody' && piece !== body) this.error('A class within a class.');
        if (piece.type !== 'PrivateIdentifier') continue;
        const { name, start, end } = piece as PrivateName;
        if (!names.includes(name)) names.push(name);
        edits.set(start, { start, end, text: `#m${names.indexOf(name)}` });
      }
    }
    return { code: edited(code, [...edits.values()]), map: null };
  },
};
