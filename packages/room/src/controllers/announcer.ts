import {
  html,
  nothing,
  type ReactiveController,
  type ReactiveControllerHost,
  type TemplateResult,
} from 'lit';

/**
 * Says short sentences to screen readers: politely, or at once where something is wrong. The same sentence twice in a row
 * is told again, since a non-breaking space is added in turn.
 */
export class Announcer implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #text = '';
  #lang = '';
  #alarm = '';

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#text = this.#alarm = '';
  }

  /** @param lang BCP 47 tag of the text; empty where it is ours */
  say(text: string, lang = ''): void {
    this.#text = this.#text === text ? `${text}\u00a0` : text;
    this.#lang = lang;
    this.#host.requestUpdate();
  }

  /** Of trouble, which does not wait until something else was read. */
  alert(text: string): void {
    this.#alarm = this.#alarm === text ? `${text}\u00a0` : text;
    this.#host.requestUpdate();
  }

  /** Must be part of every rendering: a live region that appears together with its text is not read. */
  render(): TemplateResult {
    return html`<div
        class="unseen"
        role="status"
        aria-live="polite"
        lang=${this.#lang || nothing}
        .textContent=${this.#text}
      ></div>
      <div class="unseen" role="alert" .textContent=${this.#alarm}></div>`;
  }
}
