import { html, nothing, type TemplateResult } from 'lit';
import { button, card, primaryButton } from './card.ts';
import type { TalkScene } from './talk-scene.ts';

/** Covers the stage while the talk waits: for the line, for a tap that lets sound play, for the candidate. */
export function coverOf(scene: TalkScene): TemplateResult | typeof nothing {
  const { words, cover, control, session, actions } = scene;
  if (cover === null) return nothing;
  const said = {
    sound: words.trouble.playback_blocked,
    reconnecting: words.reconnecting,
    paused: words.paused,
  }[cover];
  const act = {
    sound: () => primaryButton(words.soundOn, () => void control.soundOn()),
    reconnecting: () =>
      html`${primaryButton(words.tryNow, () => session.retryNow())}
      ${button(words.endInstead, () => actions.onEnd('ask'))}`,
    paused: () =>
      primaryButton(words.unpause, () => void control.ask((session) => session.unpause())),
  }[cover];
  const notice =
    cover === 'reconnecting' ? html`<p class="notice warn">${words.reconnectingNow}</p>` : nothing;
  return html`<div class="cover" part="overlay" role="group" aria-label=${said.title}>
    ${card(
      said,
      html`${notice}
        <div class="row">${act()}</div>`,
      '',
      '',
    )}
  </div>`;
}
