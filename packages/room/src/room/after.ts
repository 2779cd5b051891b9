import { html, type TemplateResult } from 'lit';
import { after } from '../translations/en/after.ts';
import { card, fact } from './card.ts';
import type { RoomScene } from './scene.ts';

export const english = after;

/** Thank you, and what comes next. */
export function done(complete: boolean, { words, control }: RoomScene): TemplateResult {
  const { about, clock, session } = control;
  const { title, text } = complete ? words.completed : words.ended;
  const progress = session?.progress;
  return card(
    { title, text: text(about?.tenant.name ?? '') },
    html`<dl class="facts" part="facts">
        ${
          about &&
          clock &&
          fact(words.length, words.lengthOf(about.interview.duration_s - clock.remainingS))
        }
        ${progress && fact(words.questions, words.questionOf(progress.question, progress.of))}
        ${fact(words.savedFact, words.complete)}
      </dl>
      ${about?.next_steps && html`<p dir="auto">${about.next_steps}</p>`}
      <slot name="completed"></slot>`,
  );
}
