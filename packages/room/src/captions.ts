/** Text of a caption: what was said, and what is still to come or unsure. */
export interface Caption {
  readonly said: string;
  readonly ahead: string;
  /** The utterance of which this is a part. */
  readonly whole: string;
}

/** Most characters that fit three balanced lines. */
const PAGE = 104;

/** Where a page may best end: after a sentence, after a clause, between words. */
const breaks = [/[.?!…؟]["”’)]?\s+|[。？！]/gu, /[,;:،]\s+|、/gu, /\s+/gu];

function endOfPage(text: string): number {
  if (text.length <= PAGE) return text.length;
  for (const pattern of breaks) {
    const ends = [...text.slice(0, PAGE).matchAll(pattern)].map((m) => m.index + m[0].length);
    const last = ends.at(-1) ?? 0;
    if (last > PAGE * 0.4) return last;
  }
  return PAGE;
}

/** Cuts a text into pages of at most three lines, at sentences where it can. Nothing is lost. */
export function pagesOf(text: string): string[] {
  const pages: string[] = [];
  let rest = text;
  while (rest !== '') {
    const end = endOfPage(rest);
    pages.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return pages;
}

/** The page of `text` on which its character number `spoken` stands, parted there at a word's end. */
export function captionOf(text: string, spoken: number): Caption {
  let before = 0;
  for (const page of pagesOf(text)) {
    const within = spoken - before;
    if (within < page.length || before + page.length === text.length) {
      const cut = wordEnd(page, Math.max(0, within));
      return { said: page.slice(0, cut), ahead: page.slice(cut), whole: text };
    }
    before += page.length;
  }
  return { said: '', ahead: '', whole: text };
}

function wordEnd(page: string, from: number): number {
  return from + page.slice(from).search(/\s|$/u);
}

/** How fast a voice gets through its text, characters a second: few where one character is a syllable or a word. */
export function pace(text: string): number {
  return /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/u.test(text) ? 6 : 15.5;
}
