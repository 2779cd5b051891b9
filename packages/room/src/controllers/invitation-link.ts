import type { ReactiveController, ReactiveControllerHost } from 'lit';

const pattern = /(^#?|&)interview=(inv_[A-Za-z0-9_-]{1,200})(?=&|$)/;
/** Under this name the tab remembers its link, so that a reload leads back into the interview. */
const STORED = 'ai-interview-room:invitation';

/** The invitation in a fragment such as `#interview=inv_…`, and the fragment without it. */
export function readFragment(hash: string): { invitation: string | null; rest: string } {
  const found = pattern.exec(hash);
  if (found === null) return { invitation: null, rest: hash };
  const rest = hash.replace(pattern, '').replace(/^[#&]+/, '');
  return { invitation: found[2] ?? null, rest: rest === '' ? '' : `#${rest}` };
}

/** Takes the invitation out of the page's address, where it would be copied and shared. */
function takeFromAddress(): string | null {
  const { invitation, rest } = readFragment(location.hash);
  if (invitation === null) return null;
  history.replaceState(history.state, '', location.pathname + location.search + rest);
  return invitation;
}

/** Reads, writes or (with null) forgets; a page that may not store still holds the interview until a reload. */
function stored(invitation?: string | null): string | null {
  try {
    if (invitation === undefined) return sessionStorage.getItem(STORED);
    if (invitation === null) sessionStorage.removeItem(STORED);
    else sessionStorage.setItem(STORED, invitation);
  } catch {
    // Storage is forbidden here.
  }
  return null;
}

/** What a host tells its link. */
export interface LinkHost extends ReactiveControllerHost {
  /** The page gave an invitation itself; then the address is none of our business. */
  readonly invitation: string;
  /** A talk is under way: another link must wait. */
  readonly talking: boolean;
}

/** The room that follows the page's link: the first one without an invitation of its own. A link leads into one room. */
let follower: LinkHost | null = null;

/** Follows the candidate's link: what it held, also after a reload, and what comes in by a new one. */
export class InvitationLink implements ReactiveController {
  readonly #host: LinkHost;
  readonly #changed: () => void;
  #taken: string | null = null;

  /** @param changed is called when another link was followed in the same page */
  constructor(host: LinkHost, changed: () => void) {
    this.#host = host;
    this.#changed = changed;
    host.addController(this);
  }

  /** The invitation of this page; empty where there is none. */
  get invitation(): string {
    return this.#host.invitation || (this.#taken ?? '');
  }

  /** The candidate's whole link, for another browser. */
  get address(): string {
    const { origin, pathname, search } = location;
    return this.#taken === null
      ? location.href
      : `${origin}${pathname}${search}#interview=${this.#taken}`;
  }

  /** Goes on with an invitation that this browser remembers. */
  follow(invitation: string): void {
    this.#taken = invitation;
    if (follower === this.#host) stored(invitation);
    this.#changed();
  }

  hostConnected(): void {
    if (this.#host.invitation === '') follower ??= this.#host;
    this.#take();
    if (follower === this.#host) this.#taken ??= stored();
    addEventListener('hashchange', this.#follow);
  }

  hostDisconnected(): void {
    if (follower === this.#host) follower = null;
    removeEventListener('hashchange', this.#follow);
  }

  /** The interview is over; a reload must not lead back. */
  forget(): void {
    if (follower === this.#host) stored(null);
  }

  readonly #follow = (): void => {
    if (!this.#host.talking && this.#take()) this.#changed();
  };

  #take(): boolean {
    const mine = follower === this.#host && this.#host.invitation === '';
    const found = mine ? takeFromAddress() : null;
    if (found === null) return false;
    this.#taken = found;
    stored(found);
    return true;
  }
}
