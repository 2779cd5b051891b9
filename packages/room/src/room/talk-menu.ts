import { html, nothing, type TemplateResult } from 'lit';
import type { Preferences } from '../controllers/preferences.ts';
import { talkIcon } from './talk-icons.ts';
import type { TalkScene } from './talk-scene.ts';

type Icon = Parameters<typeof talkIcon>[0];

function action(icon: Icon, label: string, onClick: () => void, kind = ''): TemplateResult {
  return html`<button class="item ${kind}" type="button" part="button" @click=${onClick}>
    ${talkIcon(icon)}<span>${label}</span>
  </button>`;
}

/** What the interviewer is asked for. Skipping cannot be taken back, so it is asked once more. */
function requests({ words, talk, session }: TalkScene): TemplateResult {
  const { actions, pause } = talk.able;
  const skip = talk.skipping
    ? html`<div class="item asking" role="group" aria-label=${words.skipAsk}>
        <p>${words.skipAsk}</p>
        <div class="row">
          <button class="skip-not" type="button" part="button" @click=${() => talk.skip(false)}>
            ${words.skipNot}
          </button>
          <button
            type="button"
            part="button"
            @click=${() => talk.pick((session) => session.act('skip'))}
          >
            ${words.skipNow}
          </button>
        </div>
      </div>`
    : action('skip', words.skip, () => talk.skip(true), 'skip');
  return html`${
    actions.includes('repeat')
      ? action('repeat', words.repeat, () => talk.pick((session) => session.act('repeat')))
      : nothing
  }
  ${actions.includes('skip') && session.progress?.phase === 'question' ? skip : nothing}
  ${pause ? action('pause', words.pause, () => talk.pick((session) => session.pause())) : nothing}
  ${talk.able.text && !talk.typed ? action('write', talk.writing ? words.speak : words.write, talk.write, 'fold-write') : nothing}`;
}

function toggle(label: string, on: boolean, onChange: (on: boolean) => void): TemplateResult {
  return html`<label class="choice">
    <span>${label}</span>
    <input
      type="checkbox"
      .checked=${on}
      @change=${(event: Event) => {
        if (event.target instanceof HTMLInputElement) onChange(event.target.checked);
      }}
    />
  </label>`;
}

function select(
  label: string,
  options: readonly (readonly [id: string, label: string])[],
  chosen: string | null,
  onChoose: (id: string) => void,
): TemplateResult {
  return html`<label class="field">
    <span>${label}</span>
    <select
      @change=${(event: Event) => {
        if (event.target instanceof HTMLSelectElement) onChoose(event.target.value);
      }}
    >
      ${options.map(([id, name]) => html`<option value=${id} ?selected=${id === chosen}>${name}</option>`)}
    </select>
  </label>`;
}

/** How the talk is shown. */
function looks({ words, talk, captions, actions }: TalkScene): TemplateResult {
  const { captionSize, time, transcript } = talk.preferences;
  return html`${talk.typed ? nothing : toggle(words.captions, captions, actions.onCaptions)}
  ${select(
    words.captionSize,
    words.captionSizes.map((name, size) => [String(size), name] as const),
    String(captionSize),
    (size) => talk.prefer({ captionSize: Number(size) as Preferences['captionSize'] }),
  )}
  ${toggle(words.showTime, time, (on) => talk.prefer({ time: on }))}
  ${toggle(words.transcript, transcript, (on) => talk.prefer({ transcript: on }))}`;
}

/** What is spoken into and heard from. A refusal leaves the call as it is. */
function devices({ words, control, talk }: TalkScene): TemplateResult | typeof nothing {
  const {
    microphones = [],
    speakers = [],
    microphoneId = null,
    speakerId = null,
  } = control.devices ?? {};
  if (talk.typed) return nothing;
  const named = (list: readonly MediaDeviceInfo[], unnamed: (number: number) => string) =>
    list.map(({ deviceId, label }, at) => [deviceId, label || unnamed(at + 1)] as const);
  // Not every browser lets a page choose where it is heard.
  const choosable = speakers.length > 0 && 'setSinkId' in HTMLMediaElement.prototype;
  return html`${
    microphones.length > 0
      ? select(
          words.microphone,
          named(microphones, words.microphoneUnnamed),
          microphoneId,
          (id) => void control.ask((session) => session.setMicrophone(id)),
        )
      : nothing
  }
  ${
    choosable
      ? select(
          words.speaker,
          named(speakers, words.speakerUnnamed),
          speakerId,
          (id) => void control.ask((session) => session.setSpeaker(id)),
        )
      : nothing
  }`;
}

function keys({ words, talk }: TalkScene): TemplateResult {
  const list = talk.typed
    ? [['R', words.keys.read]]
    : [
        ['M', words.keys.mute],
        [words.keys.space, words.keys.talk],
        ['R', words.keys.read],
      ];
  return html`<h3>${words.keys.title}</h3>
    <dl class="keys">
      ${list.map(
        ([key, does]) =>
          html`<div>
            <dt><kbd>${key}</kbd></dt>
            <dd>${does}</dd>
          </div>`,
      )}
    </dl>`;
}

/** Everything that is wanted now and then, behind one button. Escape closes it. */
export function talkMenu(scene: TalkScene): TemplateResult {
  const { words, talk, cover } = scene;
  const menu = html`<div
    class="menu ${talk.typed ? 'first' : ''}"
    part="menu"
    id="talk-menu"
    role="dialog"
    aria-label=${words.menu}
    tabindex="-1"
  >
    <div class="items">${requests(scene)}</div>
    <div class="looks">${looks(scene)} ${devices(scene)}</div>
    ${keys(scene)}
  </div>`;
  return html`<div
    class="menu-place"
    @keydown=${(event: KeyboardEvent) => {
      if (event.key !== 'Escape' || !talk.menu) return;
      event.stopPropagation();
      talk.toggleMenu();
    }}
  >
    <button
      class="menu-button only"
      part="button menu-button"
      type="button"
      aria-label=${words.menu}
      aria-haspopup="dialog"
      aria-expanded=${talk.menu}
      aria-disabled=${cover !== null}
      @click=${() => {
        if (cover === null) talk.toggleMenu();
      }}
    >
      ${talkIcon('menu')}
    </button>
    ${talk.menu ? menu : nothing}
  </div>`;
}
