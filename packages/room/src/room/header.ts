import { html, nothing, type TemplateResult } from 'lit';
import type { LookReply, Progress } from '@interview/rtc';
import type { Translation } from '../translations/en.ts';
import { clockText, safeImage, type Screen } from '../view-model.ts';
import type { RoomScene } from './scene.ts';

function mark({ tenant }: LookReply): TemplateResult {
  const image = safeImage(tenant.logo);
  return image
    ? html`<img class="logo" part="logo" src=${image} alt="" />`
    : html`<span class="logo initial" part="logo" aria-hidden="true"
        >${Array.from(tenant.name.trim())[0]?.toLocaleUpperCase()}</span
      >`;
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

/** Which step of the way this is, or how far the talk is. */
function meta(screen: Screen['name'], scene: RoomScene): unknown {
  const { words, control, clock } = scene;
  if (screen === 'welcome' || screen === 'check') {
    return html`<span>${words.step(screen === 'check' ? 2 : 1, 2)}</span>`;
  }
  if (screen !== 'live') return nothing;
  const progress = control.session?.progress;
  const { secondsLeft } = clock;
  return html`${progress?.question ? rail(words, progress) : nothing}
  ${secondsLeft === null ? nothing : time(scene, secondsLeft)}`;
}

/** Who this is from, how far it is, how long it still takes. */
export function header(screen: Screen['name'], scene: RoomScene): TemplateResult {
  const { words, control, simulation, ownMark, redraw } = scene;
  const { about } = control;
  // Without a title there may be a mark alone; without both the head keeps its place, so that nothing jumps, but is not seen.
  const content = about ? 'titled' : ownMark ? '' : 'bare';
  return html`<div class="head ${content}" part="header">
    <slot name="logo" @slotchange=${redraw}>${about && mark(about)}</slot>
    <p class="title" part="title">
      ${about && html`<span>${about.interview.title}</span> <small>${about.tenant.name}</small>`}
    </p>
    <div class="meta">
      ${simulation ? html`<span class="tag">${words.simulation}</span>` : nothing}${
        about && meta(screen, scene)
      }
    </div>
  </div>`;
}
