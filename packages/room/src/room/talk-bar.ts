import { html, nothing, type TemplateResult } from 'lit';
import { savingOf } from '../view-model.ts';
import { icon } from './icons.ts';
import { talkIcon } from './talk-icons.ts';
import { talkMenu } from './talk-menu.ts';
import type { TalkScene } from './talk-scene.ts';
import { textAnswer } from './text-answer.ts';

export { styles } from './talk-bar.styles.ts';

/** Asked in the place of the bar, so that nobody ends by one slip. */
function confirm({ words, actions }: TalkScene): TemplateResult {
  return html`<div class="bar confirm" part="controls" role="group" aria-label=${words.endAsk}>
    <p>${words.endAsk}</p>
    <div class="row">
      <button class="keep" type="button" part="button" @click=${() => actions.onEnd('keep')}>
        ${words.endKeep}
      </button>
      <button class="danger" type="button" part="end-button" @click=${() => actions.onEnd('end')}>
        ${words.end}
      </button>
    </div>
  </div>`;
}

/** One button with two names, as wide as the longer. */
function twoNames(first: string, second: string, isSecond: boolean): TemplateResult {
  return html`<span class="label">
    <span ?data-off=${isSecond}>${first}</span><span ?data-off=${!isSecond}>${second}</span>
  </span>`;
}

function mute({ words, session: { muted }, actions }: TalkScene): TemplateResult {
  return html`<button
    class="fold ${muted ? 'on' : ''}"
    part="button mute-button"
    type="button"
    aria-keyshortcuts="M"
    @click=${actions.onMute}
  >
    ${icon(muted ? 'muted' : 'microphone')} ${twoNames(words.mute, words.unmute, muted)}
  </button>`;
}

function done({ words, session: { turn }, cover, control }: TalkScene): TemplateResult {
  const idle = cover !== null || turn === 'interviewer' || turn === 'thinking';
  return html`<button
    class="done"
    part="button done-button"
    type="button"
    aria-disabled=${idle}
    @click=${() => {
      if (!idle) void control.done();
    }}
  >
    ${icon('check')}<span>${words.done}<span class="unseen"> ${words.doneTail}</span></span>
  </button>`;
}

function write({ words, talk }: TalkScene): TemplateResult {
  return html`<button
    class="write fold ${talk.writing ? 'on' : ''}"
    part="button write-button"
    type="button"
    aria-expanded=${talk.writing}
    @click=${talk.write}
  >
    ${talk.writing ? icon('microphone') : talkIcon('write')}
    ${twoNames(words.write, words.speak, talk.writing)}
  </button>`;
}

function captionsButton({ words, captions, actions }: TalkScene): TemplateResult {
  return html`<button
    class="captions fold only"
    part="button captions-button"
    type="button"
    aria-label=${words.captions}
    aria-pressed=${captions}
    @click=${actions.onCaptions}
  >
    ${icon('captions')}
  </button>`;
}

function bar(scene: TalkScene): TemplateResult {
  const { words, session, cover, talk, actions } = scene;
  const { actions: able, text, supervision } = talk.able;
  const saving = savingOf(session.delivery.pending, navigator.onLine && cover !== 'reconnecting');
  const saved = { saved: words.saved, saving: words.saving, here: words.savedHere };
  return html`<div class="bar" part="controls" role="group" aria-label=${words.controls}>
    ${talk.writing ? nothing : mute(scene)}
    ${!talk.writing && (able.includes('done') || supervision === 'none') ? done(scene) : nothing}
    ${text && !talk.typed ? write(scene) : nothing} ${talk.typed ? nothing : captionsButton(scene)}
    ${talkMenu(scene)}
    <span class="saved ${saving}" part="saved">${saved[saving]}</span>
    <button class="danger end" part="end-button" type="button" @click=${() => actions.onEnd('ask')}>
      <span class="wide">${words.end}</span><span class="narrow">${words.endShort}</span>
    </button>
  </div>`;
}

/** What the candidate can do, and how far the answers are stored. */
export function talkBar(scene: TalkScene): TemplateResult {
  return html`<div class="foot">
    ${scene.talk.writing ? textAnswer(scene) : nothing}
    ${scene.ending ? confirm(scene) : bar(scene)}
  </div>`;
}
