/** A question and the ways in which it may have been put. */
export interface Askable {
  id: string;
  wordings: readonly string[];
}

/** An utterance, as far as it matters here. */
export interface Spoken {
  role: string;
  text: string;
}

/** Where the questions were talked about. */
export interface Cut {
  /** The question that was open at each utterance; null before the first. */
  questionOf: (string | null)[];
  /** Indexes of the interviewer's lines that put a question, and whether it was open already. */
  asked: Map<number, { id: string; again: boolean }>;
}

/** Share of a question's words that one line must have for the question to count as asked. */
const ASKED_SHARE = 0.8;
/** Questions of fewer words must end a sentence as they are: a few common words stand in many lines. */
const FEW_WORDS = 4;

/**
 * Cuts a conversation by question, by the words that were spoken: a supervisor's own notes may be gone, the transcript is
 * what a reader can check. A line puts one question at most, the one it has most of; of equal ones the longer, then
 * the next that was not asked yet.
 *
 * @param questions in the order of the plan
 */
export function cutByQuestion(spoken: readonly Spoken[], questions: readonly Askable[]): Cut {
  const asked: Cut['asked'] = new Map();
  const seen = new Set<string>();
  let open: string | null = null;
  const questionOf = spoken.map(({ role, text }, index) => {
    const id = role === 'interviewer' ? questionIn(text, questions, seen) : null;
    if (id !== null) {
      asked.set(index, { id, again: id === open });
      seen.add(id);
      open = id;
    }
    return open;
  });
  return { questionOf, asked };
}

/** The stretches in which `id` was open, as inclusive indexes. */
export function rangesOf(cut: Cut, id: string): { first: number; last: number }[] {
  const ranges: { first: number; last: number }[] = [];
  cut.questionOf.forEach((open, index) => {
    if (open !== id) return;
    const range = ranges.at(-1);
    if (range?.last === index - 1) range.last = index;
    else ranges.push({ first: index, last: index });
  });
  return ranges;
}

function questionIn(
  text: string,
  questions: readonly Askable[],
  seen: ReadonlySet<string>,
): string | null {
  const line = {
    words: new Set(wordsOf(text)),
    sentences: text.split(/[.?!。？！؟।]/u).map(wordsOf),
  };
  const found = questions
    .flatMap(({ id, wordings }) => wordings.map((wording) => ({ id, ...fit(wording, line) })))
    .filter(({ share }) => share >= ASKED_SHARE)
    .sort(
      (a, b) =>
        b.share - a.share || b.words - a.words || Number(seen.has(a.id)) - Number(seen.has(b.id)),
    );
  return found[0]?.id ?? null;
}

function fit(
  wording: string,
  line: { words: ReadonlySet<string>; sentences: readonly string[][] },
): { share: number; words: number } {
  const words = wordsOf(wording);
  if (words.length < FEW_WORDS) {
    const end = ` ${words.join(' ')}`;
    const whole = line.sentences.some((sentence) => ` ${sentence.join(' ')}`.endsWith(end));
    return { share: whole && words.length > 0 ? 1 : 0, words: words.length };
  }
  const different = new Set(words);
  const found = [...different].filter((word) => line.words.has(word)).length;
  return { share: found / different.size, words: different.size };
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
}
