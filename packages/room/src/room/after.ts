import { html, nothing, type LitElement, type TemplateResult } from 'lit';
import type { EndReason } from '@interview/rtc';
import { after } from '../translations/en/after.ts';
import { card, fact } from './card.ts';
import { Corrections, readThrough } from './corrections.ts';
import { feedback } from './feedback.ts';
import { copyText, saveText } from './keep-copy.ts';
import type { RoomScene } from './scene.ts';

export const english = after;
export { styles } from './after.styles.ts';

/** After these somebody may well want to talk to a person. */
const early: readonly EndReason[] = ['technical', 'absent', 'abuse', 'staff'];

function facts({ words, control }: RoomScene): TemplateResult {
  const { about, clock, session } = control;
  const progress = session?.progress;
  return html`<dl class="facts" part="facts">
    ${
      about && clock && about.interview.duration_s > 0
        ? fact(words.length, words.lengthOf(about.interview.duration_s - clock.remainingS))
        : nothing
    }
    ${progress && fact(words.questions, words.questionOf(progress.question, progress.of))}
    ${fact(words.savedFact, words.complete)}
  </dl>`;
}

/** What comes next and when, and whom to ask where the talk stopped early. */
function next(reason: EndReason, scene: RoomScene): unknown {
  const { words, control, late } = scene;
  const { about } = control;
  const help = early.includes(reason) ? late.part('help') : null;
  if (!about?.next_steps && !help) return nothing;
  return html`<section class="next" part="next">
    ${
      about?.next_steps &&
      html`<h3>${words.whatNext}</h3>
        <p dir="auto">${about.next_steps}</p>`
    }
    ${
      help &&
      html`<p>${words.whatNextAsk}</p>
        <div class="asks">${late.kept(help.asks)(scene, ['human'])}</div>`
    }
  </section>`;
}

function copyButton(corrections: Corrections, { words, control }: RoomScene): unknown {
  const { about, session } = control;
  if (!about || !session?.lines.length) return nothing;
  const { title } = about.interview;
  const company = about.tenant.name;
  const save = (): void => {
    const own = corrections.of.bind(corrections);
    saveText(`${title}.txt`, copyText({ title, company, lines: session.lines, own, words }));
  };
  return html`<div class="row">
    <button type="button" part="button" @click=${save}>${words.keepCopy}</button>
  </div>`;
}

/** Thank you, what comes next, a look at what was said, and a word about us. */
export function done(host: LitElement): (reason: EndReason, scene: RoomScene) => TemplateResult {
  const corrections = new Corrections(host);
  const rate = feedback(host);
  return (reason, scene) => {
    const { words, control } = scene;
    const { title, text } = reason === 'completed' ? words.completed : words.ended[reason];
    return card(
      { title, text: `${text(control.about?.tenant.name ?? '')} ${words.canClose}` },
      html`<div class="columns">
          <div>
            ${facts(scene)} ${next(reason, scene)} ${copyButton(corrections, scene)}
            <slot name="completed"></slot>
          </div>
          ${rate(scene)}
        </div>
        ${readThrough(corrections, scene)}`,
      'two',
    );
  };
}
