/** Scripts that put no spaces between words, where rates of speech are told in characters. */
const CHARACTERS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;

/** The words of a text, lower case, as the language divides them; Chinese, Japanese and Korean by character. */
export function wordsOf(text: string, language: string): string[] {
  const words: string[] = [];
  for (const { segment, isWordLike } of segmenterOf(language).segment(text)) {
    if (isWordLike !== true) continue;
    const characters = segment.match(CHARACTERS);
    if (characters) words.push(...characters);
    else words.push(segment.toLocaleLowerCase('und'));
  }
  return words;
}

function segmenterOf(language: string): Intl.Segmenter {
  try {
    return new Intl.Segmenter(language, { granularity: 'word' });
  } catch {
    // A tag that Intl does not take; the root's rules divide most languages alike.
    return new Intl.Segmenter('und', { granularity: 'word' });
  }
}
