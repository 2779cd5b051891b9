import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { en, joined, type Translation } from '../translations/en.ts';
import { languages } from '../translations/languages.ts';

/** Words that a page puts in the place of ours; what it leaves out stays. */
export type Wording<Words = Translation> = {
  readonly [Key in keyof Words]?: Words[Key] extends (...values: never) => string
    ? Words[Key]
    : Words[Key] extends object
      ? Wording<Words[Key]>
      : string;
};

const known = new Map<string, Translation>([[en.$code, en]]);
const loading = new Map<string, Promise<void>>();
const readers = new Set<Localize>();

/** Makes a further language known, before or after elements are on the page. What it lacks is said in English. */
export function registerTranslation(translation: Translation): void {
  known.set(translation.$code.toLowerCase(), { ...en, ...translation });
  redraw();
}

/** Adds what the English of the script-tag file lacks until a screen comes that says it. */
export function addEnglish(words: Partial<Translation>): void {
  Object.assign(en, words);
  redraw();
}

function redraw(): void {
  for (const reader of readers) reader.redraw();
}

/** Names under which the language of a BCP 47 tag may be known, the best first: `zh-TW` is `zh-hant`, `pt` is `pt-br`. */
function namesOf(tag: string): string[] {
  try {
    const { language, script, region } = new Intl.Locale(tag).maximize();
    return [tag, `${language}-${script}`, `${language}-${region}`, language].map((name) =>
      name.toLowerCase(),
    );
  } catch {
    return [];
  }
}

/**
 * Fetches the language of a BCP 47 tag where we have it and it is not there yet. Until then, and where it cannot be had, the
 * words are English; it is tried again the next time that somebody asks.
 */
export async function load(tag: string): Promise<void> {
  const name = namesOf(tag).find((one) => known.has(one) || one in languages);
  if (name === undefined || known.has(name)) return;
  const fetched =
    loading.get(name) ??
    (languages[name]?.() ?? Promise.reject(new Error(name))).then(
      (language) => registerTranslation(joined(language)),
      () => void loading.delete(name),
    );
  loading.set(name, fetched);
  await fetched;
}

/** The best match for a BCP 47 tag among what is there; English where nothing is. */
export function translationFor(tag: string): Translation {
  const name = namesOf(tag).find((one) => known.has(one));
  return known.get(name ?? '') ?? en;
}

/** Name of a language in the reader's own language, or the tag where the browser does not know it. */
export function languageName(tag: string, reader: string): string {
  try {
    return new Intl.DisplayNames([reader], { type: 'language' }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** A page may give anything: what is not of the kind of our word is left out. */
function overlaid<Words extends object>(words: Words, wording: object): Words {
  const theirs = new Map<string, unknown>(Object.entries(wording));
  const merge = ([key, ours]: [string, unknown]): [string, unknown] => {
    const other = theirs.get(key);
    if (isObject(ours)) return [key, isObject(other) ? overlaid(ours, other) : ours];
    return [key, typeof other === typeof ours ? other : ours];
  };
  return Object.fromEntries(Object.entries(words).map(merge)) as Words;
}

/** An element that speaks: its own `lang` or that around it counts. */
export type Speaker = ReactiveControllerHost & HTMLElement & { readonly words?: Wording | null };

/** Gives its host the words of its language, and follows when that changes on the host or around it. */
export class Localize implements ReactiveController {
  readonly #host: Speaker;
  #observer: MutationObserver | null = null;
  #words: Translation | null = null;
  #made: readonly unknown[] = [];

  constructor(host: Speaker) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    readers.add(this);
    addEventListener('online', this.#follow);
    this.#observer = new MutationObserver(this.#follow);
    // A language is inherited through shadow roots too.
    for (let root: Node | null = this.#host; root !== null;) {
      root = root.getRootNode();
      this.#observer.observe(root, { subtree: true, attributeFilter: ['lang'] });
      root = 'host' in root ? (root.host as Node) : null;
    }
    this.#follow();
  }

  hostDisconnected(): void {
    readers.delete(this);
    removeEventListener('online', this.#follow);
    this.#observer?.disconnect();
  }

  /** The words may have changed. */
  redraw(): void {
    this.#words = null;
    this.#host.requestUpdate();
  }

  readonly #follow = (): void => {
    void load(this.tag);
    this.#host.requestUpdate();
  };

  /** BCP 47 tag that is in force for the host; empty where nobody named one. */
  get tag(): string {
    for (let at: Element | null = this.#host; at !== null;) {
      const named: Element | null = at.closest('[lang]');
      if (named !== null) return named.getAttribute('lang') ?? '';
      const root: Node = at.getRootNode();
      at = 'host' in root ? (root.host as Element) : null;
    }
    return '';
  }

  get words(): Translation {
    const { tag } = this;
    const { words: wording = null } = this.#host;
    if (this.#words === null || this.#made[0] !== tag || this.#made[1] !== wording) {
      const words = translationFor(tag);
      this.#words = wording === null ? words : overlaid(words, wording);
      this.#made = [tag, wording];
    }
    return this.#words;
  }
}
