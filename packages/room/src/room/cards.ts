import { html, nothing, type TemplateResult } from 'lit';
import type { DeliveryStatus, LookReply, Progress } from '@interview/rtc';
import type { SessionController } from '../controllers/session-controller.ts';
import type { MicrophoneChosenEvent } from '../device-check/device-check.ts';
import type { Translation, TroubleWords } from '../translations/en.ts';
import type { Remedy, Screen } from '../view-model.ts';

/** Words while something is under way; never a spinner without them. */
function waiting(title: string, lead: string): TemplateResult {
  return html`<div class="card calm" part="card">
    <div class="breath" aria-hidden="true"><i></i><i></i><i></i></div>
    <h2 tabindex="-1">${title}</h2>
    ${lead === '' ? nothing : html`<p class="lead">${lead}</p>`}
  </div>`;
}

export function loading(words: Translation): TemplateResult {
  return waiting(words.loading, '');
}

export function connecting(words: Translation): TemplateResult {
  return waiting(words.connectingTitle, words.connectingLead);
}

export function saving(words: Translation, delivery: DeliveryStatus | null): TemplateResult {
  const pending = delivery?.pending ?? 0;
  const memory = pending > 0 && delivery?.kept === 'memory';
  return html`<div class="card calm" part="card">
    <div class="breath" aria-hidden="true"><i></i><i></i><i></i></div>
    <h2 tabindex="-1">${words.savingTitle}</h2>
    <p class="lead">${words.savingLead}</p>
    <p class="small" role="status">${pending > 0 ? words.savingLeft(pending) : nothing}</p>
    ${memory ? html`<p class="notice warn">${words.savingMemory}</p>` : nothing}
  </div>`;
}

/** The microphone: first the browser's own question, then the check. */
export function check(
  words: Translation,
  control: SessionController,
  options: {
    asking: boolean;
    resumable: boolean;
    theme: string;
    readonly onStart: () => void;
    readonly onBack: () => void;
  },
): TemplateResult {
  if (options.asking) return waiting(words.askingTitle, words.askingLead);
  return html`<div class="card" part="card">
    <h2 tabindex="-1">${words.checkTitle}</h2>
    <p class="lead">${words.checkLead}</p>
    <ai-interview-device-check
      part="device-check"
      theme=${options.theme}
      .levels=${control.levels}
      .microphones=${control.devices?.microphones ?? []}
      .microphoneId=${control.devices?.microphoneId ?? null}
      @microphone-chosen=${(event: MicrophoneChosenEvent) =>
        void control.chooseMicrophone(event.deviceId)}
    ></ai-interview-device-check>
    <div class="row">
      <button class="primary" part="primary-button" type="button" @click=${options.onStart}>
        ${options.resumable ? words.goOn : words.startInterview}
      </button>
      <button type="button" part="button" @click=${options.onBack}>${words.back}</button>
    </div>
  </div>`;
}

/** What happened and the one thing that helps. */
export function trouble(
  words: Translation,
  screen: Extract<Screen, { name: 'trouble' }>,
  actions: { onRemedy: (remedy: Exclude<Remedy, null>) => void; onBack: (() => void) | null },
): TemplateResult {
  const { remedy, code } = screen;
  const label = remedy === 'prepare' ? words.checkAgain : words.tryAgain;
  return notice(
    words.trouble[code],
    html`${
      remedy === null
        ? nothing
        : html`<button
            class="primary"
            part="primary-button"
            type="button"
            @click=${() => actions.onRemedy(remedy)}
          >
            ${code === 'connection_lost' ? words.comeBack : label}
          </button>`
    }
    ${
      remedy === null || actions.onBack === null
        ? nothing
        : html`<button type="button" part="button" @click=${actions.onBack}>
            ${words.toFirstPage}
          </button>`
    }`,
  );
}

/** The page itself lacks something. */
export function setup(words: Translation, missing: 'start-url' | 'invitation'): TemplateResult {
  return notice(missing === 'invitation' ? words.noInvitation : words.notConfigured, nothing);
}

function notice(said: TroubleWords, buttons: unknown): TemplateResult {
  return html`<div class="card" part="card error">
    <h2 tabindex="-1">${said.title}</h2>
    <p class="lead">${said.text}</p>
    <div class="row">${buttons}</div>
  </div>`;
}

/** Thank you, and what comes next. */
export function done(
  words: Translation,
  about: LookReply | null,
  facts: { complete: boolean; progress: Progress | null; spokenS: number | null },
): TemplateResult {
  const company = about?.tenant.name ?? '';
  const { complete, progress, spokenS } = facts;
  return html`<div class="card" part="card">
    <h2 tabindex="-1">${complete ? words.doneTitle : words.endedTitle}</h2>
    <p class="lead">${complete ? words.doneLead(company) : words.endedLead(company)}</p>
    <dl class="facts" part="facts">
      ${
        spokenS === null
          ? nothing
          : html`<div>
              <dt>${words.length}</dt>
              <dd>${words.lengthOf(spokenS)}</dd>
            </div>`
      }
      ${
        progress === null
          ? nothing
          : html`<div>
              <dt>${words.questions}</dt>
              <dd>${words.questionOf(progress.question, progress.of)}</dd>
            </div>`
      }
      <div>
        <dt>${words.savedFact}</dt>
        <dd>${words.complete}</dd>
      </div>
    </dl>
    ${
      about === null || about.next_steps === ''
        ? nothing
        : html`<p dir="auto">${about.next_steps}</p>`
    }
    <slot name="completed"></slot>
  </div>`;
}
