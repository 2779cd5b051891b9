import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { TranscriptLine, Turn } from '@interview/rtc';
import { captionOf, pace, type Caption } from '../captions.ts';
import { Pulse } from './pulse.ts';

const STEP_MS = 250;
const nothingSaid: Caption = { said: '', ahead: '', whole: '' };

/**
 * Turns the transcript into a caption, and knows when a question stands in the room. The interviewer's text comes faster than the voice, so it is shown at the pace of speech; the
 * candidate's own words stay muted until they are certain.
 */
export class CaptionPace implements ReactiveController {
  readonly #pulse: Pulse;
  #line: TranscriptLine | null = null;
  #spoken = 0;
  #speaking = false;
  #question = '';
  #before: string | null = null;
  #heard = false;
  #asked = false;

  constructor(host: ReactiveControllerHost) {
    this.#pulse = new Pulse(() => {
      const text = this.#line?.text ?? '';
      this.#spoken = Math.min(text.length, this.#spoken + (pace(text) * STEP_MS) / 1000);
      host.requestUpdate();
    }, STEP_MS);
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#pulse.run(false);
  }

  /** The question was put to the candidate, in its own words or others. */
  get asked(): boolean {
    return this.#asked;
  }

  /** Call before each rendering with what is true now. `question` is the one that the server says is next or open. */
  follow(lines: readonly TranscriptLine[], turn: Turn, question: string): void {
    const asker = lines.findLast((one) => one.role === 'interviewer');
    if (question !== this.#question) {
      this.#question = question;
      this.#before = asker?.id ?? null;
      this.#heard = false;
      this.#asked = lines.some((one) => one.text.includes(question));
    }
    const speaks = turn === 'interviewer';
    this.#heard ||= speaks && (asker?.id ?? null) !== this.#before;
    this.#asked ||= asker?.text.includes(question) === true || (this.#heard && !speaks);
    const line = lines.findLast((one) => one.text.trim() !== '') ?? null;
    if (line?.id !== this.#line?.id) this.#spoken = 0;
    this.#line = line;
    this.#speaking = line?.role === 'interviewer' && speaks;
    this.#pulse.run(this.#speaking && this.#spoken < (line?.text.length ?? 0));
  }

  get caption(): Caption {
    const line = this.#line;
    if (line === null) return nothingSaid;
    if (line.role === 'interviewer') {
      return captionOf(line.text, this.#speaking ? this.#spoken : line.text.length);
    }
    const caption = captionOf(line.text, line.text.length);
    return line.status === 'partial' ? { ...caption, said: '', ahead: caption.said } : caption;
  }
}
