import { html, type LitElement, type TemplateResult } from 'lit';
import type { Feedback as Given } from '@interview/rtc';
import type { SessionDoor } from '../controllers/session-controller.ts';
import type { RoomScene } from './scene.ts';

/** Longest text that is taken, characters; the server takes more. */
const LONGEST = 2000;
const RATINGS = [1, 2, 3, 4, 5];

/** What the candidate thinks of us, told once. */
class Feedback {
  readonly #host: LitElement;
  #session: SessionDoor | null = null;
  rating = 0;
  text = '';
  state: 'open' | 'sending' | 'sent' | 'failed' = 'open';

  constructor(host: LitElement) {
    this.#host = host;
  }

  /** Another interview is asked about anew. */
  belongsTo(session: SessionDoor | null): void {
    if (session === this.#session) return;
    this.#session = session;
    this.rating = 0;
    this.text = '';
    this.state = 'open';
  }

  rate(rating: number): void {
    this.rating = rating;
    this.#host.requestUpdate();
  }

  async send({ control }: RoomScene): Promise<void> {
    if (this.state === 'sending') return;
    const text = this.text.trim();
    if (this.rating === 0 && text === '') return;
    const given: Given = { ...(this.rating > 0 && { rating: this.rating }), ...(text && { text }) };
    this.#tell('sending');
    this.#tell((await control.ask((session) => session.giveFeedback(given))) ? 'sent' : 'failed');
    await this.#host.updateComplete;
    this.#host.renderRoot.querySelector<HTMLElement>('.feedback .sent')?.focus();
  }

  #tell(state: Feedback['state']): void {
    this.state = state;
    this.#host.requestUpdate();
  }
}

function choice(feedback: Feedback, { words }: RoomScene): TemplateResult {
  return html`<div class="ratings" role="radiogroup" aria-labelledby="feedback-title">
    ${RATINGS.map(
      (rating) =>
        html`<label class="rating">
          <input
            type="radio"
            name="rating"
            value=${rating}
            .checked=${feedback.rating === rating}
            @change=${() => feedback.rate(rating)}
          />
          <span>${rating}</span>
          <span class="unseen">${words.rating(rating)}</span>
        </label>`,
    )}
    <p class="small" aria-hidden="true">
      ${
        feedback.rating > 0
          ? words.rating(feedback.rating)
          : words.ratingRange(words.rating(1), words.rating(5))
      }
    </p>
  </div>`;
}

/** Draws the question how it was; nobody has to answer. */
export function feedback(host: LitElement): (scene: RoomScene) => TemplateResult {
  const feedback = new Feedback(host);
  return (scene) => {
    const { words, control } = scene;
    feedback.belongsTo(control.session);
    const { state } = feedback;
    const title = html`<h3 id="feedback-title">${words.feedback}</h3>`;
    if (state === 'sent') {
      return html`<section class="feedback" part="feedback">
        ${title}
        <p class="notice sent" tabindex="-1" role="status">${words.feedbackSent}</p>
      </section>`;
    }
    return html`<section class="feedback" part="feedback">
      ${title}
      <p class="small">${words.feedbackText}</p>
      <form
        @submit=${(event: Event) => {
          event.preventDefault();
          void feedback.send(scene);
        }}
      >
        ${choice(feedback, scene)}
        <label for="feedback-text" class="small">${words.feedbackLabel}</label>
        <textarea
          id="feedback-text"
          rows="2"
          dir="auto"
          maxlength=${LONGEST}
          .value=${feedback.text}
          @input=${(event: Event) => {
            if (event.target instanceof HTMLTextAreaElement) feedback.text = event.target.value;
            host.requestUpdate();
          }}
        ></textarea>
        <div class="row">
          <button
            type="submit"
            part="button"
            aria-disabled=${feedback.rating === 0 && feedback.text.trim() === ''}
          >
            ${state === 'sending' ? words.feedbackSending : words.feedbackSend}
          </button>
        </div>
        <p
          class="problem"
          role="status"
          .textContent=${state === 'failed' ? words.feedbackFailed : ''}
        ></p>
      </form>
    </section>`;
  };
}
