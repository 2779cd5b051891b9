import { html, nothing, type TemplateResult } from 'lit';
import type { Progress, Quality } from '@interview/rtc';
import { Talk } from '../controllers/talk.ts';
import type { LitElement } from 'lit';
import type { Translation } from '../translations/en.ts';
import { clockText } from '../view-model.ts';
import type { RoomScene } from './scene.ts';

/** The talk of one room. */
export function talkOf(host: LitElement): Talk {
  return new Talk(host);
}

function rail(words: Translation, { question, of }: Progress): TemplateResult {
  return html`<span
    class="progress"
    part="progress"
    role="img"
    aria-label=${words.questionOfLong(question, of)}
  >
    <span class="rail">
      ${Array.from({ length: of }, (_, i) => html`<i class=${i < question ? 'on' : ''}></i>`)}
    </span>
    <span>${words.questionOf(question, of)}</span>
  </span>`;
}

function time({ words, clock }: RoomScene, seconds: number): TemplateResult {
  return html`<span class="time" part="time" role="timer" aria-live="off">
    <b aria-hidden="true">${clockText(seconds)}</b>
    <span class="unit" aria-hidden="true">${clock.waiting ? words.clockStopped : words.left}</span>
    <span class="unseen">${words.timeLeft(Math.floor(seconds / 60))}</span>
  </span>`;
}

/** One to three bars; a weak connection is no alarm. */
function signal(words: Translation, { rating }: Quality): TemplateResult {
  const bars = rating >= 4 ? 3 : rating === 3 ? 2 : 1;
  const name = words.connection[bars - 1] ?? '';
  return html`<span class="signal" part="signal" role="img" aria-label=${name} title=${name}>
    ${[1, 2, 3].map((bar) => html`<i class=${bar <= bars ? 'on' : ''}></i>`)}
  </span>`;
}

/** How far the talk is, how long it still takes, and how good the line is. */
export function liveMeta(scene: RoomScene): TemplateResult {
  const { words, control, clock, late } = scene;
  const { quality, session } = control;
  const { secondsLeft } = clock;
  const shown = late.kept(talkOf).preferences.time && secondsLeft !== null;
  return html`${session?.progress?.question ? rail(words, session.progress) : nothing}
  ${shown ? time(scene, secondsLeft) : nothing} ${quality ? signal(words, quality) : nothing}`;
}
