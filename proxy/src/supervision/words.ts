/** Share of the words of `wanted` that stand in `heard`, in order. */
export function coverage(wanted: string, heard: string): number {
  const target = wordsOf(wanted);
  if (target.length === 0) return 1;
  const said = wordsOf(heard);
  let from = 0;
  let found = 0;
  for (const word of target) {
    const at = said.indexOf(word, from);
    if (at === -1) continue;
    found += 1;
    from = at + 1;
  }
  return found / target.length;
}

/** Words of any script: languages without spaces are cut as well. */
export function wordsOf(text: string): string[] {
  const segments = new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text);
  return [...segments].filter((one) => one.isWordLike).map((one) => one.segment.toLowerCase());
}

/** The last sentence of a text, the whole where it has one. */
export function lastSentence(text: string): string {
  const segments = new Intl.Segmenter(undefined, { granularity: 'sentence' }).segment(text);
  return [...segments].at(-1)?.segment.trim() ?? text;
}
