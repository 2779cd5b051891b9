import type { LitElement, ReactiveController } from 'lit';

/** What the keys of the talk do. */
export interface KeyActions {
  readonly mute: () => void;
  /** Push-to-talk: true while the key is held. */
  readonly talk: (held: boolean) => void;
  readonly read: () => void;
}

/** Takes letters for itself. */
const WRITING = 'input, textarea, select, [contenteditable]';
/** Takes the space bar for itself: what it presses, and what it scrolls. */
const PRESSED = `${WRITING}, button, a[href], summary, video, audio, [role=log]`;

/** The letter of a key; on a keyboard of another script, the one that stands there on a Latin one. */
function letterOf({ key, code }: KeyboardEvent): string {
  return (/^[a-z]$/i.test(key) ? key : code.replace(/^Key/, '')).toLowerCase();
}

function within(event: Event, selector: string): boolean {
  const [target] = event.composedPath();
  return target instanceof Element && target.closest(selector) !== null;
}

/**
 * Keys of the talk, heard only while focus is in the room and no field has it: M mutes, a held space bar lets a muted
 * candidate speak, R reads the interviewer's last words.
 */
export class Keys implements ReactiveController {
  readonly #host: LitElement;
  #actions: KeyActions | null = null;
  #held = false;

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#host.addEventListener('keydown', this.#onDown);
    this.#host.addEventListener('keyup', this.#onUp);
    this.#host.addEventListener('focusout', this.#letGo);
    // Who leaves the window with the key held does not go on speaking.
    window.addEventListener('blur', this.#letGo);
  }

  hostDisconnected(): void {
    this.#letGo();
    this.#host.removeEventListener('keydown', this.#onDown);
    this.#host.removeEventListener('keyup', this.#onUp);
    this.#host.removeEventListener('focusout', this.#letGo);
    window.removeEventListener('blur', this.#letGo);
  }

  /** Call before each rendering; null where the keys do nothing. */
  follow(actions: KeyActions | null): void {
    if (actions === null) this.#letGo();
    this.#actions = actions;
  }

  readonly #onDown = (event: KeyboardEvent): void => {
    const actions = this.#actions;
    const { altKey, ctrlKey, metaKey, defaultPrevented, isComposing, repeat } = event;
    if (actions === null || altKey || ctrlKey || metaKey || defaultPrevented || isComposing) return;
    if (event.key === ' ') {
      if (within(event, PRESSED)) return;
      event.preventDefault();
      if (repeat || this.#held) return;
      this.#held = true;
      actions.talk(true);
    } else if (!repeat && !event.shiftKey && !within(event, WRITING)) {
      const letter = letterOf(event);
      if (letter === 'm') actions.mute();
      else if (letter === 'r') actions.read();
    }
  };

  readonly #onUp = (event: KeyboardEvent): void => {
    if (event.key === ' ') this.#letGo();
  };

  readonly #letGo = (): void => {
    if (!this.#held) return;
    this.#held = false;
    this.#actions?.talk(false);
  };
}
