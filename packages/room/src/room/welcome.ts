import { html, nothing, type TemplateResult } from 'lit';
import type { ConsentRequest, LookReply } from '@interview/rtc';
import type { ConsentChoices } from '../controllers/consent-choices.ts';
import { languageName } from '../controllers/localize.ts';
import type { Translation } from '../translations/en.ts';
import { safeLink } from '../view-model.ts';

/** Longer texts scroll in their own box, characters. */
const LONG = 600;

/** What the first page shows and asks. */
export interface WelcomeProps {
  readonly words: Translation;
  readonly about: LookReply;
  /** The integrator's own heading; empty for ours. */
  readonly heading: string;
  readonly choices: ConsentChoices;
  /** The candidate tried to go on too early. */
  readonly asked: boolean;
  readonly onContinue: () => void;
}

function fact(name: string, value: string | number): TemplateResult {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}

function facts({ words, about }: WelcomeProps): TemplateResult {
  const { interview } = about;
  return html`<dl class="facts" part="facts">
    ${fact(words.questions, interview.questions_total)}
    ${fact(words.length, words.lengthOf(interview.duration_s))}
    ${fact(words.language, languageName(interview.language, words.$code))}
  </dl>`;
}

function told({ words, about }: WelcomeProps): TemplateResult {
  const rows: [string, string][] = [
    [words.inviter, about.inviter],
    [words.decider, about.decider],
    [words.retention, about.retention],
    [words.nextSteps, about.next_steps],
    [words.adjustment, about.adjustment],
  ];
  return html`<dl class="told" part="about">
    ${rows
      .filter(([, text]) => text !== '')
      .map(
        ([name, text]) =>
          html`<div>
            <dt>${name}</dt>
            <dd dir="auto">${text}</dd>
          </div>`,
      )}
  </dl>`;
}

function consent(one: ConsentRequest, props: WelcomeProps): TemplateResult {
  const { words, choices, asked } = props;
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
      aria-describedby=${`${id}-kind`}
      aria-invalid=${missing ? 'true' : nothing}
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
      <span id=${`${id}-kind`}>${one.required ? words.needed : words.optional}</span>
      ${
        link === null
          ? nothing
          : html`<a href=${link} target="_blank" rel="noopener noreferrer"
              >${words.readMore}<span class="unseen"> (${words.opensNewTab})</span></a
            >`
      }
    </p>
  </div>`;
}

/** What is the candidate's to decide, and the way on. */
function agreement(props: WelcomeProps): TemplateResult {
  const { words, about, choices, asked, onContinue } = props;
  const missing = choices.missing(about).length;
  return html`${
      about.consents.length === 0
        ? nothing
        : html`<fieldset class="consents" part="consents">
            <legend>${words.agreement}</legend>
            ${about.consents.map((one) => consent(one, props))}
          </fieldset>`
    }
    <div class="go">
      <div class="row">
        <button
          class="primary"
          part="primary-button"
          type="button"
          aria-disabled=${missing > 0 ? 'true' : 'false'}
          aria-describedby="consent-hint"
          @click=${onContinue}
        >
          ${words.checkMicrophone}
        </button>
      </div>
      <p class="hint ${asked && missing > 0 ? 'asked' : ''}" id="consent-hint" role="status">
        ${missing > 0 ? words.consentHint(missing) : nothing}
      </p>
    </div>`;
}

/** What this is, who asks and decides, and the choices that are the candidate's. */
export function welcome(props: WelcomeProps): TemplateResult {
  const { words, about, heading } = props;
  const title = about.resumable ? words.welcomeBackTitle : heading || words.welcomeTitle;
  return html`<div class="card two" part="card">
    <h2 tabindex="-1">${title}</h2>
    <p class="lead">${about.resumable ? words.welcomeBackLead : words.welcomeLead}</p>
    <div class="columns">
      <div>${facts(props)} ${told(props)}</div>
      <div>${agreement(props)}</div>
    </div>
  </div>`;
}
