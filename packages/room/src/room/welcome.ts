import { html, nothing, type TemplateResult } from 'lit';
import type { ConsentRequest, LookReply } from '@interview/rtc';
import { languageName } from '../controllers/localize.ts';
import { safeLink } from '../view-model.ts';
import { button, card, fact } from './card.ts';
import type { RoomScene } from './scene.ts';

/** Longer texts scroll in their own box, characters. */
const LONG = 600;

interface WelcomeScene extends RoomScene {
  readonly about: LookReply;
  /** The candidate tried to go on too early. */
  readonly asked: boolean;
}

function facts({ words, about }: WelcomeScene): TemplateResult {
  const { language, duration_s, questions_total } = about.interview;
  return html`<dl class="facts" part="facts">
    ${questions_total > 0 ? fact(words.questions, questions_total) : nothing}
    ${duration_s > 0 ? fact(words.length, words.lengthOf(duration_s)) : nothing}
    ${fact(words.language, languageName(language, words.$code))}
  </dl>`;
}

function told({ words, about }: WelcomeScene): TemplateResult {
  const rows: [string, string][] = [
    [words.inviter, about.inviter],
    [words.decider, about.decider],
    [words.retention, about.retention],
    [words.nextSteps, about.next_steps],
    [words.adjustment, about.adjustment],
  ];
  return html`<dl class="told" part="about">
    ${rows.map(([name, text]) => text && fact(name, text, 'auto'))}
  </dl>`;
}

function consent(one: ConsentRequest, { words, choices, asked }: WelcomeScene): TemplateResult {
  const id = `consent-${one.purpose}`;
  const link = safeLink(one.url);
  const given = choices.has(one);
  const missing = asked && one.required && !given;
  const long = one.text.length > LONG;
  return html`<div class="consent ${missing ? 'missing' : ''}" part="consent">
    <input
      type="checkbox"
      id=${id}
      name=${one.purpose}
      aria-describedby="${id}-kind"
      aria-invalid=${missing || nothing}
      ?required=${one.required}
      .checked=${given}
      @change=${(event: Event) => {
        if (event.target instanceof HTMLInputElement) choices.set(one, event.target.checked);
      }}
    />
    <label for=${id} class=${long ? 'long' : ''} tabindex=${long ? '0' : nothing} dir="auto"
      >${one.text}</label
    >
    <p class="small">
      <span id="${id}-kind">${one.required ? words.needed : words.optional}</span>
      ${
        link &&
        html`<a href=${link} target="_blank" rel="noopener noreferrer"
          >${words.readMore}<span class="unseen"> (${words.opensNewTab})</span></a
        >`
      }
    </p>
  </div>`;
}

/** What is the candidate's to decide, and the way on. */
function agreement(scene: WelcomeScene): TemplateResult {
  const { words, about, choices, asked, actions, late } = scene;
  const help = late.part('help');
  const missing = choices.missing(about).length;
  return html`${
      about.consents.length > 0
        ? html`<fieldset class="consents" part="consents">
            <legend>${words.agreement}</legend>
            ${about.consents.map((one) => consent(one, scene))}
            <slot name="consent"></slot>
          </fieldset>`
        : nothing
    }
    <div class="go">
      <div class="row">
        <button
          class="primary"
          part="primary-button"
          type="button"
          aria-disabled=${missing > 0}
          aria-describedby="consent-hint"
          @click=${actions.onContinue}
        >
          ${words.checkMicrophone}
        </button>
        ${about.modes.includes('text') ? button(words.typeInstead, actions.onType) : nothing}
      </div>
      <p class="hint ${asked && missing > 0 ? 'asked' : ''}" id="consent-hint" role="status">
        ${missing > 0 ? words.consentHint(missing) : nothing}
      </p>
    </div>
    <div class="asks">${help && late.kept(help.asks)(scene)}</div>`;
}

/** What this is, who asks and decides, and the choices that are the candidate's. */
export function welcome(about: LookReply, asked: boolean, around: RoomScene): TemplateResult {
  const { words, heading, choices } = around;
  const scene = { ...around, about, asked: asked || choices.asked };
  const { title, text } = about.resumable ? words.welcomeBack : words.welcome;
  return card(
    { title: (!about.resumable && heading) || title, text },
    html`<div class="columns">
      <div>${facts(scene)} ${told(scene)}</div>
      <div>${agreement(scene)}</div>
    </div>`,
    'two',
  );
}
