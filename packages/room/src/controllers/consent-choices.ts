import type { ReactiveControllerHost } from 'lit';
import type { ConsentGiven, ConsentRequest, LookReply } from '@interview/rtc';

/** Under this a tick is remembered: a changed wording is a new question. */
function keyOf({ purpose, version, text }: ConsentRequest): string {
  return `${purpose} ${version} ${text}`;
}

/** What the candidate ticked. Nothing is ticked by anybody else. */
export class ConsentChoices {
  readonly #host: ReactiveControllerHost;
  readonly #granted = new Set<string>();
  /** The candidate tried to go on too early, so what is missing is shown. */
  asked = false;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
  }

  clear(): void {
    this.#granted.clear();
    this.asked = false;
  }

  has(one: ConsentRequest): boolean {
    return this.#granted.has(keyOf(one));
  }

  set(one: ConsentRequest, granted: boolean): void {
    if (granted) this.#granted.add(keyOf(one));
    else this.#granted.delete(keyOf(one));
    this.#host.requestUpdate();
  }

  /** What is required and not ticked. */
  missing(about: LookReply): readonly ConsentRequest[] {
    return about.consents.filter((one) => one.required && !this.has(one));
  }

  /** The answers as the session takes them: each purpose apart, with the very text that was shown. */
  answers(about: LookReply): ConsentGiven[] {
    return about.consents.map((one) => ({
      purpose: one.purpose,
      version: one.version,
      text: one.text,
      granted: this.has(one),
    }));
  }
}
