import { html, nothing, type TemplateResult } from 'lit';
import type { InterviewErrorCode } from '@interview/rtc';
import type { CardWords, Translation } from '../translations/en.ts';
import type { Screen } from '../view-model.ts';
import { button, card, primaryButton } from './card.ts';
import type { RoomScene } from './scene.ts';

type Trouble = Extract<Screen, { name: 'trouble' }>;

/** Nothing is wrong that a person could mend. */
const settled: readonly InterviewErrorCode[] = ['taken_over', 'session_ended'];

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

/** What is wrong, and what helps. */
export function failure(said: CardWords, content: unknown = nothing): TemplateResult {
  return card(said, content, 'steady', 'card error');
}

/** The label of the one button that helps. */
function remedyLabel({ code, remedy }: Trouble, words: Translation): string {
  if (code === 'connection_lost') return words.comeBack;
  return remedy === 'prepare' ? words.checkAgain : words.tryAgain;
}

function remedyButton(screen: Trouble, { words, actions }: RoomScene): unknown {
  const { code, remedy } = screen;
  if (remedy === null) return nothing;
  const act = (): void => actions.onRemedy(remedy);
  // It goes on elsewhere, and well: nobody is urged to take it back.
  if (code === 'taken_over') return button(words.goOnHere, act);
  return primaryButton(remedyLabel(screen, words), act);
}

/** What happened, the one thing that helps, and ways out. */
export function trouble(screen: Trouble, scene: RoomScene): TemplateResult {
  const { words, control, late } = scene;
  const help = late.part('help');
  const steps = help?.steps(screen, scene) ?? null;
  const { title, text } = words.trouble[screen.code];
  const state = control.session?.state;
  // Before the server told what the link is about there is no first page to go back to, and nobody to ask.
  const known = control.about !== null;
  const early = screen.remedy !== null && (state === 'idle' || state === 'ready');
  return failure(
    { title, text: steps ? words.stepsLead : text },
    html`${steps}
      <div class="row">
        ${remedyButton(screen, scene)} ${help && late.kept(help.waysOut)(screen, scene)}
        ${known && early ? button(words.back, () => control.toWelcome()) : nothing}
      </div>
      ${
        help && known && !settled.includes(screen.code)
          ? html`<div class="asks">${late.kept(help.asks)(scene, ['human'])}</div>`
          : nothing
      }`,
  );
}
