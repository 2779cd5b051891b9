import type { CSSResult, LitElement } from 'lit';
import { addEnglish } from './localize.ts';
import type { Translation } from '../translations/en.ts';

/** A part of the room that lies beside the script-tag file. */
export interface LatePart {
  /** Of what it draws; the room wears them once it is there. */
  readonly styles?: CSSResult;
  /** English that is said nowhere else. */
  readonly english?: Partial<Translation>;
}

/**
 * All of them. They are fetched while the first page is read, never in the talk, when the network may be away. A new one also
 * needs its line in `rollup/beside.ts`.
 */
const files = {
  elements: () => import('../room/define-late.ts'),
  check: () => import('../room/check.ts'),
  help: () => import('../room/help.ts'),
  live: () => import('../room/live.ts'),
  bar: () => import('../room/talk-bar.ts'),
  after: () => import('../room/after.ts'),
} satisfies Record<string, () => Promise<LatePart>>;

type Files = { [Name in keyof typeof files]: Awaited<ReturnType<(typeof files)[Name]>> };

export type LateName = keyof Files;

const names = Object.keys(files) as LateName[];

/** How long it waits before it tries again, milliseconds; a network that comes back is not waited for. */
const PAUSES_MS = [500, 2_000, 5_000];

function pause(ms: number): Promise<unknown> {
  const over = AbortSignal.timeout(ms);
  return new Promise((resolve) => {
    addEventListener('online', resolve, { once: true, signal: over });
    over.addEventListener('abort', resolve);
  });
}

/** Fetches a part and tries again a few times. @throws whatever the last attempt failed with */
export async function fetchLate<Name extends LateName>(name: Name): Promise<Files[Name]> {
  for (const ms of PAUSES_MS) {
    const part = await files[name]().catch(() => null);
    if (part !== null) return arrived(part as Files[Name]);
    await pause(ms);
  }
  return arrived((await files[name]()) as Files[Name]);
}

function arrived<Part extends LatePart>(part: Part): Part {
  if (part.english) addEnglish(part.english);
  return part;
}

/** What a room has of its late parts, and what those keep for it. */
export class Late {
  readonly #host: LitElement;
  readonly #parts: Partial<Files> = {};
  readonly #kept = new Map<unknown, unknown>();
  readonly #wanted = new Set<LateName>();
  #fetching: Promise<boolean> | null = null;
  #failed = false;

  constructor(host: LitElement) {
    this.#host = host;
  }

  /** `there`: every screen can be drawn. */
  get state(): 'coming' | 'there' | 'failed' {
    if (names.every((name) => name in this.#parts)) return 'there';
    return this.#failed ? 'failed' : 'coming';
  }

  /** The part, or null until it is there. */
  part<Name extends LateName>(name: Name): Files[Name] | null {
    return this.#parts[name] ?? null;
  }

  /** What a part keeps for this room, such as controllers: made once, when it is first wanted. */
  kept<Kept>(make: (host: LitElement) => Kept): Kept {
    if (!this.#kept.has(make)) this.#kept.set(make, make(this.#host));
    return this.#kept.get(make) as Kept;
  }

  /** Fetches one part, or all, without being asked again; what fails is left to `fetch`. */
  want(name?: LateName): void {
    if (name === undefined) {
      if (this.state === 'coming') void this.fetch();
    } else if (!this.#wanted.has(name)) {
      this.#wanted.add(name);
      this.#take(name).catch(() => undefined);
    }
  }

  /** Fetches what is missing; false where it cannot be had, and then it may be asked again. */
  fetch(): Promise<boolean> {
    this.#fetching ??= this.#fetch();
    return this.#fetching;
  }

  async #fetch(): Promise<boolean> {
    this.#failed = false;
    try {
      await Promise.all(names.map((name) => this.#take(name)));
      return true;
    } catch {
      this.#failed = true;
      this.#fetching = null;
      return false;
    } finally {
      this.#host.requestUpdate();
    }
  }

  async #take(name: LateName): Promise<void> {
    const part = await fetchLate(name);
    if (this.#parts[name]) return;
    Object.assign(this.#parts, { [name]: part });
    const { styles }: LatePart = part;
    const { renderRoot } = this.#host;
    if (styles?.styleSheet && renderRoot instanceof ShadowRoot) {
      renderRoot.adoptedStyleSheets.push(styles.styleSheet);
    }
    this.#host.requestUpdate();
  }
}
