import { html, nothing, type TemplateResult } from 'lit';
import type { LookReply } from '@interview/rtc';
import { safeImage, type Screen } from '../view-model.ts';
import type { RoomScene } from './scene.ts';

function mark({ tenant }: LookReply): TemplateResult {
  const image = safeImage(tenant.logo);
  return image
    ? html`<img class="logo" part="logo" src=${image} alt="" />`
    : html`<span class="logo initial" part="logo" aria-hidden="true"
        >${Array.from(tenant.name.trim())[0]?.toLocaleUpperCase()}</span
      >`;
}

/** Which step of the way this is, or how far the talk is. */
function meta(screen: Screen['name'], scene: RoomScene): unknown {
  const { words, late } = scene;
  if (screen === 'welcome' || screen === 'check') {
    return html`<span>${words.step(screen === 'check' ? 2 : 1, 2)}</span>`;
  }
  return screen === 'live' ? late.part('live')?.liveMeta(scene) : nothing;
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
