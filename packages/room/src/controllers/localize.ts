import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { en, type Translation } from '../translations/en.ts';

const known = new Map<string, Translation>([[en.$code, en]]);

/** Makes a further language known, before or after elements are on the page. */
export function registerTranslation(translation: Translation): void {
  known.set(translation.$code.toLowerCase(), translation);
}

/** The best match for a BCP 47 tag: the tag itself, then its language alone, then English. */
export function translationFor(tag: string): Translation {
  const wanted = tag.toLowerCase();
  return known.get(wanted) ?? known.get(wanted.split('-')[0] ?? '') ?? en;
}

/** Name of a language in the reader's own language, or the tag where the browser does not know it. */
export function languageName(tag: string, reader: string): string {
  try {
    return new Intl.DisplayNames([reader], { type: 'language' }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** Gives its host the words of its language: its own `lang`, else that of the page. */
export class Localize implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#host.requestUpdate();
  }

  /** BCP 47 tag that is in force for the host. */
  get tag(): string {
    const own = this.#host.lang;
    if (own !== '') return own;
    const around = this.#host.closest<HTMLElement>('[lang]')?.lang;
    return around ?? this.#host.ownerDocument.documentElement.lang;
  }

  get words(): Translation {
    return translationFor(this.tag);
  }
}
