import { MAX_ENTRY_TEXT_BYTES } from './limits.ts';

const encoder = new TextEncoder();

/** Bytes of a value on the wire. */
export function jsonBytes(value: unknown): number {
  return encoder.encode(JSON.stringify(value)).length;
}

/**
 * The text itself, or, where it is too long for one row, the pieces that continue it: browser and server must cut alike,
 * so that each piece of one finds its twin. Cuts at whole characters; lengths are those on the wire, where a quote takes
 * two bytes, so that no row can outgrow a message.
 */
export function continueText(text: string): string[] {
  if (jsonBytes(text) <= MAX_ENTRY_TEXT_BYTES) return [text];
  const pieces: string[] = [];
  let piece = '';
  let bytes = 2;
  for (const character of text) {
    const size = jsonBytes(character) - 2;
    if (bytes + size > MAX_ENTRY_TEXT_BYTES) {
      pieces.push(piece);
      piece = '';
      bytes = 2;
    }
    piece += character;
    bytes += size;
  }
  return [...pieces, piece];
}

/** The name of the piece, from 0, of what is called `name`. */
export function continuedName(name: string, index: number): string {
  return index === 0 ? name : `${name}~${index + 1}`;
}

/** How far behind its beginning a piece stands: before whatever else comes between two rows. */
export const CONTINUED_POSITION_STEP = 1 / 1024;
