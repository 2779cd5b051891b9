import { html, nothing, type LitElement, type TemplateResult } from 'lit';
import type { Practice } from '@interview/rtc';
import { Pulse } from '../controllers/pulse.ts';
import type { SessionController } from '../controllers/session-controller.ts';
import { clockText } from '../view-model.ts';
import { button } from './card.ts';
import type { RoomScene } from './scene.ts';

/** The longest recording, seconds (`practice` of the SDK). */
const LONGEST_S = 60;

/** One question to answer out loud and to hear again. Nothing of it leaves the page. */
export class Rehearsal {
  readonly #host: LitElement;
  /** The recording ends by itself, and nobody tells. */
  readonly #pulse: Pulse;
  #practice: Practice | null = null;
  #began = 0;
  #beginning = false;
  open = false;
  failed = false;

  constructor(host: LitElement) {
    this.#host = host;
    this.#pulse = new Pulse(() => this.#look(), 250);
  }

  get state(): 'ready' | Practice['state'] {
    return this.#practice?.state ?? 'ready';
  }

  /** Whole seconds until the recording ends by itself. */
  get leftS(): number {
    return Math.max(0, LONGEST_S - Math.floor((performance.now() - this.#began) / 1000));
  }

  show(open: boolean): void {
    this.cancel();
    this.open = open;
    this.#host.requestUpdate();
    void this.#host.updateComplete.then(() => {
      const root = this.#host.renderRoot;
      root.querySelector('.practice')?.scrollIntoView({ block: 'nearest' });
      root.querySelector<HTMLElement>(open ? '.practice button' : '.practise')?.focus();
    });
  }

  /** The one button: begins, stops and plays, or begins again. */
  async step(control: SessionController): Promise<void> {
    if (this.state === 'recording') this.#practice?.stop();
    else if (this.state === 'playing') this.#practice?.cancel();
    else await this.#begin(control);
    this.#look();
  }

  /** Falls silent and lets the recording go. */
  cancel(): void {
    this.#practice?.cancel();
    this.#practice = null;
    this.failed = false;
    this.#pulse.run(false);
  }

  async #begin(control: SessionController): Promise<void> {
    if (this.#beginning) return;
    this.#beginning = true;
    this.failed = !(await control.ask(async (session) => {
      const practice = await session.practice();
      if (this.open) this.#practice = practice;
      else practice.cancel();
    }));
    this.#beginning = false;
    const practice = this.#practice;
    this.#began = performance.now();
    this.#pulse.run(practice !== null && !this.failed);
    practice?.finished
      .catch(() => {
        this.failed = this.#practice === practice;
      })
      .finally(() => this.#look());
  }

  #look(): void {
    if (this.state === 'ready' || this.state === 'done') this.#pulse.run(false);
    this.#host.requestUpdate();
  }
}

function said({ state, failed, leftS }: Rehearsal, { words }: RoomScene): string {
  if (failed) return words.practiceFailed;
  if (state === 'recording') return words.practiceLeft(clockText(leftS));
  if (state === 'playing') return words.practicePlaying;
  return state === 'done' ? words.practiceDone : '';
}

/** A minute to warm up, where the candidate wants one. */
export function practice(rehearsal: Rehearsal, scene: RoomScene): TemplateResult {
  const { words, control } = scene;
  if (!rehearsal.open) {
    return html`<div class="quiet">
      <button class="practise" part="button" type="button" @click=${() => rehearsal.show(true)}>
        ${words.practice}
      </button>
    </div>`;
  }
  const { state } = rehearsal;
  const step = {
    ready: words.practiceStart,
    recording: words.practiceStop,
    playing: words.practiceEnough,
    done: words.practiceAgain,
  };
  const at = state === 'recording' ? LONGEST_S - rehearsal.leftS : 0;
  return html`<section class="practice ${state}" part="practice" aria-label=${words.practice}>
    <p class="asked">${words.practiceQuestion}</p>
    <p class="small">${words.practiceText}</p>
    <progress max=${LONGEST_S} .value=${at} aria-hidden="true"></progress>
    <div class="row">
      <button part="button" type="button" @click=${() => void rehearsal.step(control)}>
        ${step[state]}
      </button>
      ${state === 'recording' ? nothing : button(words.practiceClose, () => rehearsal.show(false))}
      <span class="small" role=${state === 'recording' ? 'timer' : 'status'}>
        ${said(rehearsal, scene)}
      </span>
    </div>
  </section>`;
}
