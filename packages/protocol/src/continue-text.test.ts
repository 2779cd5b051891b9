import { describe, expect, it } from 'vitest';
import { continuedName, continueText, jsonBytes } from './continue-text.ts';
import { MAX_ENTRY_TEXT_BYTES } from './limits.ts';

describe('continueText', () => {
  it('leaves alone what fits into a row', () => {
    const text = 'x'.repeat(MAX_ENTRY_TEXT_BYTES - 2);
    expect(continueText(text)).toEqual([text]);
  });

  it.each([
    ['letters', 'x'],
    ['quotes, which are escaped on the wire', '"'],
    ['characters of two code units', '🙂'],
  ])('cuts %s so that each piece fits, and none is lost or torn', (_, character) => {
    const text = character.repeat(40_000);
    const pieces = continueText(text);
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join('')).toBe(text);
    for (const piece of pieces) {
      expect(jsonBytes(piece)).toBeLessThanOrEqual(MAX_ENTRY_TEXT_BYTES);
      expect(piece.isWellFormed()).toBe(true);
    }
  });

  it('names the first piece as the whole', () => {
    expect([0, 1, 2].map((index) => continuedName('a', index))).toEqual(['a', 'a~2', 'a~3']);
  });
});
