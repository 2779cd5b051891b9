import { describe, expect, it } from 'vitest';
import { captionOf, pace, pagesOf } from './captions.ts';

const question =
  'What changed in the flow after you watched people use it, and how did you know it was better? Take your time. There is no single right answer, so tell it as it was.';

describe('pagesOf', () => {
  it('loses nothing and keeps every page within three lines', () => {
    const pages = pagesOf(question);
    expect(pages.join('')).toBe(question);
    expect(Math.max(...pages.map((page) => page.length))).toBeLessThanOrEqual(104);
    expect(pages[0]).toBe(question.slice(0, question.indexOf('Take')));
  });

  it('cuts words only where there is no other place', () => {
    expect(pagesOf('a'.repeat(250)).map((page) => page.length)).toEqual([104, 104, 42]);
  });

  it('has no page for no text', () => {
    expect(pagesOf('')).toEqual([]);
  });
});

describe('captionOf', () => {
  it('parts what was said from what is to come, at the end of a word', () => {
    const { said, ahead } = captionOf(question, 7);
    expect(said).toBe('What changed');
    expect(said + ahead).toBe(pagesOf(question)[0]);
  });

  it('turns the page when the voice has left it', () => {
    expect(captionOf(question, 96).said).toMatch(/^Take/);
  });

  it('shows the last page whole at the end', () => {
    const { said, ahead } = captionOf(question, question.length);
    expect(said).toBe(pagesOf(question).at(-1));
    expect(ahead).toBe('');
  });

  it('is empty for no text', () => {
    expect(captionOf('', 0)).toEqual({ said: '', ahead: '', whole: '' });
  });
});

describe('pace', () => {
  it('is slower where a character is a syllable', () => {
    expect(pace('今日はありがとうございます')).toBeLessThan(pace('Thank you for today'));
  });
});
