import type { ReactiveController, ReactiveControllerHost } from 'lit';

/**
 * Has the browser ask before the page is left, only while something would be lost: a page that always asks is kept out of
 * the browser's cache for going back, and nags.
 */
export class LeaveGuard implements ReactiveController {
  readonly #ask = (event: Event): void => event.preventDefault();

  constructor(host: ReactiveControllerHost) {
    host.addController(this);
  }

  hostDisconnected(): void {
    this.follow(false);
  }

  /** Call after each rendering. @param wanted something would be lost now */
  follow(wanted: boolean): void {
    if (wanted) addEventListener('beforeunload', this.#ask);
    else removeEventListener('beforeunload', this.#ask);
  }
}
