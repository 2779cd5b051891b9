import type { LitElement, ReactiveController } from 'lit';
import type { Capabilities } from '@interview/rtc';
import { keepPreferences, keptPreferences, type Preferences } from './preferences.ts';
import type { SessionController, SessionDoor } from './session-controller.ts';

/** Before a call is answered nothing but the talk itself is certain. */
const unknown: Capabilities = {
  supervision: 'sideband',
  actions: ['done'],
  text: false,
  pause: false,
};

/** What a talk knows beside its session: what is open, what is being written, and how the candidate likes to see it. */
export class Talk implements ReactiveController {
  readonly #host: LitElement;
  #control: SessionController | null = null;
  #session: SessionDoor | null = null;
  /** Of the last call that was answered: while it is replaced, no button comes or goes. */
  #able = unknown;
  #preferences = keptPreferences();
  #writing = false;
  /** The microphone was on before writing, and is on again after it. */
  #hushed = false;
  #pressed = Promise.resolve(false);

  menu = false;
  /** The candidate pressed Skip and is asked once more. */
  skipping = false;
  draft = '';
  sending = false;
  /** What was written last did not go out. */
  unsent = false;

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#host.addEventListener('pointerdown', this.#onPointer);
  }

  hostDisconnected(): void {
    this.#host.removeEventListener('pointerdown', this.#onPointer);
  }

  /** Call before each rendering. A covered talk has no menu. */
  follow(control: SessionController, session: SessionDoor, covered: boolean): void {
    this.#control = control;
    if (session !== this.#session) {
      this.#session = session;
      this.#able = unknown;
      this.#writing = this.#hushed = this.menu = this.skipping = this.unsent = false;
      this.draft = '';
    }
    this.#able = session.capabilities ?? this.#able;
    if (covered) this.menu = this.skipping = false;
  }

  /** What this interviewer can do. */
  get able(): Capabilities {
    return this.#able;
  }

  /** The interview is held in writing: in one that is spoken an answer can be done. */
  get typed(): boolean {
    return this.#able.supervision === 'sideband' && !this.#able.actions.includes('done');
  }

  /** An answer is written rather than spoken. */
  get writing(): boolean {
    return this.#able.text && (this.#writing || this.typed);
  }

  get preferences(): Preferences {
    return this.#preferences;
  }

  prefer(change: Partial<Preferences>): void {
    this.#preferences = { ...this.#preferences, ...change };
    keepPreferences(this.#preferences);
    this.#host.requestUpdate();
  }

  /** Opens or closes the menu; focus goes along. */
  readonly toggleMenu = (): void => {
    this.menu = !this.menu;
    this.skipping = false;
    if (this.menu && this.#control?.devices === null) void this.#control.listDevices();
    this.#focus(this.menu ? '.menu' : '.menu-button');
  };

  /** Does something and closes the menu. */
  pick(run: (session: SessionDoor) => Promise<unknown>): void {
    this.menu = this.skipping = false;
    this.#focus('.menu-button');
    void this.#control?.ask(run);
  }

  skip(ask: boolean): void {
    this.skipping = ask;
    this.#focus(ask ? '.skip-not' : '.skip');
  }

  /** Between speaking and writing. Nobody is heard while something is written. */
  readonly write = (): void => {
    this.#writing = !this.#writing;
    this.menu = false;
    if (this.#writing) {
      this.#hushed = this.#session?.muted === false;
      if (this.#hushed) void this.#control?.mute(true);
    } else if (this.#hushed) {
      void this.#control?.mute(false);
    }
    this.#focus(this.#writing ? '.answer' : '.write');
  };

  /** Sends what was written; what does not go out stays. */
  async send(): Promise<void> {
    const text = this.draft.trim();
    if (text === '' || this.sending) return;
    const sent = this.draft;
    this.sending = true;
    this.unsent = false;
    this.#host.requestUpdate();
    const went = (await this.#control?.ask((session) => session.sendText(text))) === true;
    this.sending = false;
    this.unsent = !went;
    if (went && this.draft === sent) this.draft = '';
    this.#host.requestUpdate();
  }

  /** Lets a muted candidate speak for as long as the key is held. */
  press(held: boolean): void {
    if (held && this.#session?.muted !== true) return;
    const before = this.#pressed;
    this.#pressed = (async () => {
      // Whoever lets go before the microphone is open is muted after it.
      const opened = await before;
      if (held) return (await this.#control?.mute(false)) === true;
      if (opened) await this.#control?.mute(true);
      return false;
    })();
  }

  readonly #onPointer = (event: Event): void => {
    const path = event.composedPath();
    if (!this.menu || path.some((at) => at instanceof Element && at.matches('.menu-place'))) return;
    this.menu = this.skipping = false;
    this.#host.requestUpdate();
  };

  /** Focuses what the next rendering shows. */
  #focus(selector: string): void {
    this.#host.requestUpdate();
    void this.#host.updateComplete.then(() => {
      this.#host.renderRoot.querySelector<HTMLElement>(selector)?.focus();
    });
  }
}
