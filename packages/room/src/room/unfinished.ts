import { html, type LitElement, type TemplateResult } from 'lit';
import { InterviewSession, type ResumableInterview } from '@interview/rtc';
import { button, card, primaryButton } from './card.ts';
import type { RoomScene } from './scene.ts';

/** Interviews that were begun in this browser and not finished: the link may be lost, or a person another one. */
class Unfinished {
  readonly #host: LitElement;
  found: readonly ResumableInterview[] = [];
  forgot = false;

  constructor(host: LitElement) {
    this.#host = host;
    void this.#find();
  }

  async forget(one: ResumableInterview): Promise<void> {
    await one.forget();
    this.found = this.found.filter((other) => other !== one);
    this.forgot = true;
    this.#host.requestUpdate();
    await this.#host.updateComplete;
    this.#host.renderRoot.querySelector<HTMLElement>('h2')?.focus();
  }

  async #find(): Promise<void> {
    this.found = await InterviewSession.resumable();
    this.#host.requestUpdate();
  }
}

/** Offers to go on where no link was opened; null where nothing is to be gone on with. */
export function unfinished(host: LitElement): (scene: RoomScene) => TemplateResult | null {
  const all = new Unfinished(host);
  return ({ words, link }) => {
    const [one] = all.found;
    if (one === undefined) {
      return all.forgot
        ? card(words.noInvitation, html`<p class="notice" role="status">${words.forgotten}</p>`)
        : null;
    }
    return card(
      words.unfinished,
      html`<div class="row">
        ${primaryButton(words.unfinishedGoOn(one.title), () => link.follow(one.invitation))}
        ${button(words.notMe, () => void all.forget(one))}
      </div>`,
    );
  };
}
