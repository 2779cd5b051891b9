import { html, nothing, type TemplateResult } from 'lit';
import type { LookReply, Progress } from '@interview/rtc';
import type { Countdown } from '../controllers/countdown.ts';
import type { Translation } from '../translations/en.ts';
import { clockText, safeImage, type Screen } from '../view-model.ts';

/** What the head of the room shows. */
export interface HeaderProps {
  readonly words: Translation;
  readonly screen: Screen;
  readonly about: LookReply | null;
  readonly progress: Progress | null;
  readonly clock: Pick<Countdown, 'secondsLeft' | 'waiting'>;
  readonly simulation: boolean;
  /** The page brought a mark of its own. */
  readonly ownMark: boolean;
  readonly onMarkChange: () => void;
}

function mark(about: LookReply | null): TemplateResult | typeof nothing {
  if (about === null) return nothing;
  const image = safeImage(about.tenant.logo);
  if (image !== null) return html`<img class="logo" part="logo" src=${image} alt="" />`;
  const initial = Array.from(about.tenant.name.trim())[0]?.toLocaleUpperCase() ?? '';
  return html`<span class="logo initial" part="logo" aria-hidden="true">${initial}</span>`;
}

function rail(words: Translation, progress: Progress): TemplateResult {
  const { question, of } = progress;
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

function time({ words, clock }: HeaderProps, seconds: number): TemplateResult {
  return html`<span class="time" part="time" role="timer" aria-live="off">
    <b aria-hidden="true">${clockText(seconds)}</b>
    <span class="unit" aria-hidden="true">${clock.waiting ? words.clockStopped : words.left}</span>
    <span class="unseen">${words.timeLeft(Math.floor(seconds / 60))}</span>
  </span>`;
}

function meta(props: HeaderProps): TemplateResult | typeof nothing {
  const { words, screen, about, progress, clock } = props;
  const { secondsLeft } = clock;
  if (about === null) return nothing;
  switch (screen.name) {
    case 'welcome':
      return html`<span>${words.step(1, 2)}</span>`;
    case 'check':
      return html`<span>${words.step(2, 2)}</span>`;
    case 'live':
      return html`${progress === null || progress.question === 0 ? nothing : rail(words, progress)}
      ${secondsLeft === null ? nothing : time(props, secondsLeft)}`;
    default:
      return nothing;
  }
}

/** Without a title there may be a mark alone; without both the head keeps its place, so that nothing jumps, but is not seen. */
function contentOf({ about, ownMark }: HeaderProps): string {
  if (about !== null) return 'titled';
  return ownMark ? '' : 'bare';
}

/** Who this is from, how far it is, how long it still takes. */
export function header(props: HeaderProps): TemplateResult {
  const { words, about, simulation, onMarkChange } = props;
  return html`<div class="head ${contentOf(props)}" part="header">
    <slot name="logo" @slotchange=${onMarkChange}>${mark(about)}</slot>
    <p class="title" part="title">
      ${about === null ? nothing : html`<span>${about.interview.title}</span>`}
      ${about === null ? nothing : html`<small>${about.tenant.name}</small>`}
    </p>
    <div class="meta">
      ${simulation ? html`<span class="tag">${words.simulation}</span>` : nothing}${meta(props)}
    </div>
  </div>`;
}
