import type { LitElement, ReactiveController } from 'lit';
import type { Translation } from '../translations/en.ts';
import type { Screen } from '../view-model.ts';
import type { Announcer } from './announcer.ts';

/** Minutes at which the time left is told to screen readers. */
const TOLD_MINUTES = [5, 1];

/** Tells screens apart; a screen that only changes its words is not arrived at again. */
function keyOf(screen: Screen, paused: boolean): string {
  if (screen.name === 'live') return `live ${screen.cover ?? (paused ? 'paused' : '')}`;
  return screen.name === 'check' ? `check ${screen.asking}` : screen.name;
}

/** Leads focus and screen readers to each new screen. Never takes focus that was elsewhere in the page. */
export class Arrival implements ReactiveController {
  readonly #host: LitElement;
  readonly #announcer: Announcer;
  #shown = '';
  #focusInside = false;
  #told = Infinity;

  constructor(host: LitElement, announcer: Announcer) {
    this.#host = host;
    this.#announcer = announcer;
    host.addController(this);
  }

  hostUpdate(): void {
    this.#focusInside = this.#host.shadowRoot?.activeElement != null;
  }

  /** Call after each rendering with what is on screen now. `paused`: the candidate let the talk wait. */
  show(screen: Screen, words: Translation, paused: boolean): void {
    const key = keyOf(screen, paused);
    const before = this.#shown;
    if (key === before) return;
    this.#shown = key;
    if (before === '') return;
    const title = this.#host.renderRoot.querySelector<HTMLElement>('h2[tabindex]:not([inert] *)');
    const name = title?.textContent.trim() ?? '';
    if (key === 'live ') {
      this.#announcer.say(
        before === 'live paused'
          ? words.goesOn
          : before.startsWith('live')
            ? words.announce.back
            : words.announce.live,
      );
    } else if (!this.#focusInside) {
      // Where focus goes along, the heading is read by that alone.
      if (screen.name === 'trouble' || key === 'live reconnecting') this.#announcer.alert(name);
      else this.#announcer.say(name);
    }
    if (this.#focusInside) title?.focus({ preventScroll: true });
  }

  /** Says now and then how much time is left. */
  tellTime(seconds: number, words: Translation): void {
    const due = TOLD_MINUTES.filter((m) => seconds <= m * 60 && m < this.#told).at(-1);
    if (due === undefined) return;
    this.#told = due;
    this.#announcer.say(words.announce.minutes(due));
  }
}
