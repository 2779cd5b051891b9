import { isDeepStrictEqual } from 'node:util';
import type { RealtimeSession } from '@interview/protocol';

/** Identity, and what is harmless: OpenAI's own client turns tracing on in every call. */
const NOT_JUDGED = new Set(['type', 'object', 'id', 'expires_at', 'client_secret', 'tracing']);
/** A correction that the provider answers with the very same difference is sent no more often than this. */
const MAX_TRIES = 3;

/** Settings of a session by path: `instructions`, `audio.input.turn_detection`. */
type Settings = ReadonlyMap<string, unknown>;

/** What an echo of the session shows. */
export interface SessionCheck {
  /** Paths that somebody else has changed. */
  changed: string[];
  /** Updates that put everything right; the voice apart, since its refusal would take the others with it. */
  corrections: RealtimeSession[];
}

/**
 * Holds the session's configuration, as the provider tells it, against the one that we have set. What the provider
 * tells of settings that are none of ours must stay as it was first told. Pure.
 */
export class SessionSettings {
  /** Ours, the newest last; an echo may still show an earlier one while an update of ours is on its way. */
  #versions: Settings[];
  /** The provider's own settings, as first told. */
  #rest: Settings | null = null;
  /** How the provider writes what we have set, as first told: it fills in defaults. By path and value. */
  readonly #forms = new Map<string, unknown>();
  #difference = '';
  #tries = 0;

  /** `versions`: what the session may look like now, the last as it should. */
  constructor(versions: readonly RealtimeSession[]) {
    this.#versions = versions.map((one) => settingsOf(one));
  }

  /** We have sent this update. */
  update(session: RealtimeSession): void {
    const newest = this.#newest;
    const next = new Map([...newest, ...settingsOf(session)]);
    if (!isDeepStrictEqual(next, newest)) this.#versions.push(next);
  }

  /** `session`: as in an event; `anew`: nothing of ours is on its way, as on a new channel. */
  check(session: Record<string, unknown>, { anew }: { anew: boolean }): SessionCheck {
    const found = settingsOf(session);
    const at = this.#versions.findIndex((one) => this.#differing(one, found).length === 0);
    const wrong = this.#differing(this.#newest, found);
    this.#rest ??= new Map([...found].filter(([path]) => !this.#newest.has(path)));
    if (at !== -1) return this.#known(at, found, anew ? wrong : []);
    const difference = JSON.stringify(wrong.map((path) => [path, found.get(path)]));
    const repeated = difference === this.#difference;
    this.#difference = difference;
    this.#tries = repeated ? this.#tries + 1 : 1;
    return {
      changed: repeated ? [] : wrong,
      corrections: this.#tries > MAX_TRIES ? [] : this.#corrections(wrong),
    };
  }

  /** The settings of this update with the values that they are to have now. */
  asOfNow(update: RealtimeSession): RealtimeSession[] {
    return this.#corrections([...settingsOf(update).keys()]);
  }

  /** Nobody has changed anything; an update of ours may have got lost with the channel. */
  #known(at: number, found: Settings, lost: readonly string[]): SessionCheck {
    this.#difference = '';
    const version = this.#versions[at] ?? this.#newest;
    for (const [path, value] of version) {
      const key = formKey(path, value);
      if (found.has(path) && !this.#forms.has(key)) this.#forms.set(key, found.get(path));
    }
    this.#versions = this.#versions.slice(at);
    return { changed: [], corrections: this.#corrections(lost) };
  }

  get #newest(): Settings {
    return this.#versions.at(-1) ?? new Map<string, unknown>();
  }

  /** What a server does not tell can't be judged. */
  #differing(wanted: Settings, found: Settings): string[] {
    return [...found].flatMap(([path, value]) => {
      const same = wanted.has(path)
        ? this.#fits(path, wanted.get(path), value)
        : this.#rest === null || isDeepStrictEqual(this.#rest.get(path) ?? null, value ?? null);
      return same ? [] : [path];
    });
  }

  #fits(path: string, wanted: unknown, found: unknown): boolean {
    const form = this.#forms.get(formKey(path, wanted));
    if (form !== undefined) return isDeepStrictEqual(form, found);
    // A name without a date stands for its newest version.
    if (path === 'model') return String(found).startsWith(String(wanted));
    return covers(wanted, found);
  }

  #corrections(paths: readonly string[]): RealtimeSession[] {
    const wanted = paths
      .filter((path) => path !== 'model')
      .map((path) => {
        const settings = this.#newest.has(path) ? this.#newest : this.#rest;
        return [path, settings?.get(path) ?? null] as const;
      });
    const voice = ([path]: readonly [string, unknown]): boolean => path === 'audio.output.voice';
    return [wanted.filter((one) => !voice(one)), wanted.filter(voice)]
      .filter((group) => group.length > 0)
      .map(sessionOf);
  }
}

function formKey(path: string, value: unknown): string {
  return `${path} ${JSON.stringify(value)}`;
}

function settingsOf(session: object): Settings {
  const found = new Map<string, unknown>();
  for (const [key, value] of Object.entries(session)) {
    if (NOT_JUDGED.has(key)) continue;
    if (key !== 'audio') found.set(key, value);
    else
      for (const [side, settings] of fieldsOf(value)) {
        for (const [name, one] of fieldsOf(settings)) found.set(`audio.${side}.${name}`, one);
      }
  }
  return found;
}

function sessionOf(settings: readonly (readonly [string, unknown])[]): RealtimeSession {
  const session: Record<string, unknown> = { type: 'realtime' };
  const audio: Record<string, Record<string, unknown>> = {};
  for (const [path, value] of settings) {
    const [, side, name] = path.split('.');
    if (side === undefined || name === undefined) session[path] = value;
    else audio[side] = { ...audio[side], [name]: value };
  }
  if (Object.keys(audio).length > 0) session['audio'] = audio;
  // Values are ours, or the provider's own again: both are of a session.
  return session as unknown as RealtimeSession;
}

/** True where `found` says the same, and more only where nothing was said. */
function covers(wanted: unknown, found: unknown): boolean {
  if (Array.isArray(wanted)) {
    if (!Array.isArray(found) || found.length !== wanted.length) return false;
    return wanted.every((one, index) => covers(one, found[index]));
  }
  if (typeof wanted !== 'object' || wanted === null) return (wanted ?? null) === (found ?? null);
  if (typeof found !== 'object' || found === null) return false;
  const fields = new Map(fieldsOf(found));
  return fieldsOf(wanted).every(([key, value]) => covers(value, fields.get(key)));
}

function fieldsOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}
