import { html, nothing, type TemplateResult } from 'lit';
import type { MicrophoneChosenEvent } from '../device-check/device-check.ts';
import type { CardWords } from '../translations/en.ts';
import type { Screen } from '../view-model.ts';
import { button, card, primaryButton } from './card.ts';
import type { RoomScene } from './scene.ts';

/** Words while something is under way; never a spinner without them. */
export function waiting(said: CardWords, content?: unknown): TemplateResult {
  return card(said, content, 'calm');
}

/** The answers are on their way to the server. */
export function saving({ words, control }: RoomScene): TemplateResult {
  const { pending = 0, kept } = control.session?.delivery ?? {};
  return waiting(
    words.storing,
    html`<p class="small" role="status">${pending > 0 ? words.savingLeft(pending) : nothing}</p>
      ${
        pending > 0 && kept === 'memory'
          ? html`<p class="notice warn">${words.savingMemory}</p>`
          : nothing
      }`,
  );
}

/** The microphone hears, and another one can be chosen. */
export function check({ words, wording, theme, control, actions }: RoomScene): TemplateResult {
  const { about, devices, levels } = control;
  return card(
    words.check,
    html`<ai-interview-device-check
        part="device-check"
        theme=${theme}
        .words=${wording}
        .levels=${levels}
        .microphones=${devices?.microphones ?? []}
        .microphoneId=${devices?.microphoneId ?? null}
        @microphone-chosen=${(event: MicrophoneChosenEvent) =>
          void control.chooseMicrophone(event.deviceId)}
      ></ai-interview-device-check>
      <div class="row">
        ${primaryButton(about?.resumable ? words.goOn : words.startInterview, actions.onStart)}
        ${button(words.back, () => control.toWelcome())}
      </div>`,
  );
}

/** What is wrong, and the buttons that help. */
export function failure(said: CardWords, buttons: unknown = nothing): TemplateResult {
  return card(said, html`<div class="row">${buttons}</div>`, '', 'card error');
}

/** What happened and the one thing that helps. */
export function trouble(
  { code, remedy }: Extract<Screen, { name: 'trouble' }>,
  { words, control, actions }: RoomScene,
): TemplateResult {
  const state = control.session?.state;
  // Before the server told what the link is about there is no first page to go back to.
  const early = control.about !== null && (state === 'idle' || state === 'ready');
  const again = remedy === 'prepare' ? words.checkAgain : words.tryAgain;
  return failure(
    words.trouble[code],
    remedy &&
      html`${primaryButton(code === 'connection_lost' ? words.comeBack : again, () =>
        actions.onRemedy(remedy),
      )}
      ${early ? button(words.toFirstPage, () => control.toWelcome()) : nothing}`,
  );
}
