import { describe, expect, it } from 'vitest';
import { coverage } from './words.ts';

describe('coverage', () => {
  it.each([
    ['Which project?', 'Thank you. Which project?', 1],
    ['Which project?', 'which... PROJECT', 1],
    ['one two three four', 'one two', 0.5],
    ['one two', '', 0],
    ['你好吗', '你好吗', 1],
  ])('of %j in %j is %f', (wanted, heard, share) => {
    expect(coverage(wanted, heard)).toBe(share);
  });
});
