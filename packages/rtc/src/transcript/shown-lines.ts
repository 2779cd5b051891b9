import type { TranscriptLine } from '../events.ts';
import { isShown, lineOf, type Utterance } from './utterance.ts';

/**
 * The lines of a call as they were read last. To read them again takes work for what has changed since and for what
 * stands behind that, which is mostly the last few, however long the transcript is.
 */
export class ShownLines {
  #lines: readonly TranscriptLine[] = [];
  #offsetMs: number | null = null;
  /** Changed since, and not yet read. */
  readonly #changed = new Set<Utterance>();
  /** The first line that is not as it was. */
  #from = Infinity;

  /** More was told of an utterance, or it stands elsewhere. */
  change(utterance: Utterance): void {
    utterance.line = null;
    this.#from = Math.min(this.#from, utterance.lineNumber);
    this.#changed.add(utterance);
  }

  /**
   * A line that has not changed is the same object as before.
   *
   * @param backwards the utterances that have a place, the last one first
   * @param floating those that have none yet
   * @param offsetMs when the call began in the interview, milliseconds; null where unknown
   */
  read(
    backwards: Iterable<Utterance>,
    floating: readonly Utterance[],
    offsetMs: number | null,
  ): readonly TranscriptLine[] {
    const anew = offsetMs !== this.#offsetMs;
    this.#offsetMs = offsetMs;
    // These stand at the end, or nowhere.
    for (const one of this.#changed)
      if (!one.placed || floating.includes(one)) this.#changed.delete(one);
    const rest = floating.toReversed();
    let kept = 0;
    for (const one of backwards) {
      if (!anew && this.#changed.size === 0 && one.lineNumber < this.#from) {
        kept = one.lineNumber + 1;
        break;
      }
      this.#changed.delete(one);
      rest.push(one);
    }
    const lines: TranscriptLine[] = [];
    for (const one of rest.reverse()) {
      if (anew) one.line = null;
      one.lineNumber = isShown(one) ? kept + lines.length : Infinity;
      if (isShown(one)) lines.push((one.line ??= lineOf(one, offsetMs)));
    }
    this.#changed.clear();
    this.#from = Infinity;
    this.#lines = this.#lines.toSpliced(kept, Infinity, ...lines);
    return this.#lines;
  }
}
