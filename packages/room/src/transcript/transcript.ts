import {
  html,
  LitElement,
  nothing,
  render,
  type CSSResultGroup,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from 'lit';
import type { TranscriptLine } from '@interview/rtc';
import { Localize, type Wording } from '../controllers/localize.ts';
import { base, controls, tokens } from '../tokens.ts';
import type { Translation } from '../translations/en.ts';
import { clockText } from '../view-model.ts';
import { styles } from './transcript.styles.ts';

/** Closer to the end than this counts as being there, pixels. */
const NEAR_END = 32;

/**
 * So many lines are laid out, or left out while nobody looks, together: the browser watches each stretch, and watching
 * each of 2,000 lines costs more than it saves. By `bench/transcript.ts`.
 */
const STRETCH = 40;

/** A line that is finished becomes a new node, so that screen readers read it once and whole. */
function keyOf(line: TranscriptLine): string {
  return line.status === 'partial' ? `${line.id} partial` : line.id;
}

/** Shows that more may come. */
function unfinished(text: string): string {
  const said = text.trimEnd();
  return /[.?!…。？！]$/u.test(said) ? said : `${said}…`;
}

/** A line as it stands on the page. */
interface ShownLine {
  readonly key: string;
  readonly node: HTMLElement;
  line: TranscriptLine | null;
  correction: string | undefined;
}

/**
 * What was said, as a document. Follows the talk until the reader scrolls back.
 *
 * @summary Transcript of an interview.
 * @tagname ai-interview-transcript
 * @csspart log - The scrolling list of lines.
 * @csspart line - One utterance.
 * @csspart latest - The button that leads back to the newest line.
 */
export class AiInterviewTranscript extends LitElement {
  static override styles: CSSResultGroup = [tokens, base, controls, styles];
  static override properties: PropertyDeclarations = {
    lines: { attribute: false },
    corrections: { attribute: false },
    politeness: {},
    spokenLang: { attribute: 'spoken-lang' },
    theme: { reflect: true },
    words: { attribute: false },
    following: { state: true },
  };

  readonly #localize = new Localize(this);

  get #log(): HTMLElement | null {
    return this.renderRoot.querySelector('.log');
  }

  private following = true;

  /** The lines in reading order. */
  lines: readonly TranscriptLine[] = [];
  /** What the candidate put beside lines of their own, by the lines' ids. Replace it, rather than change it. */
  corrections: ReadonlyMap<string, string> = new Map();
  /** How soon a screen reader tells a new line: while it waits, at once, or only where it is read on demand. */
  politeness: 'polite' | 'assertive' | 'off' = 'polite';
  /** BCP 47 tag of what is spoken; empty where unknown. */
  spokenLang = '';
  /** `light`, `dark` or the reader's own. */
  theme = 'auto';
  /** The page's own words in the place of ours; null for none. */
  words: Wording | null = null;

  /** Where the list stood when it was last looked at, pixels. */
  #top = 0;
  #resize: ResizeObserver | null = null;
  #shown: readonly ShownLine[] = [];
  /** The words that stand in what is shown. */
  #said: Translation | null = null;

  protected override firstUpdated(): void {
    this.#resize = new ResizeObserver(() => this.#follow());
    this.#watchSize();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#watchSize();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resize?.disconnect();
  }

  protected override updated(changed: PropertyValues<this>): void {
    const { words } = this.#localize;
    const anew = changed.has('spokenLang') || words !== this.#said;
    if (anew || changed.has('lines') || changed.has('corrections')) this.#arrange(anew);
    this.#said = words;
    if (changed.has('lines')) this.#follow();
  }

  /**
   * Draws what is new or changed and leaves the rest alone: a long talk costs no more than its last line. The session
   * replaces the list and keeps the lines that stay as they were.
   */
  #arrange(anew: boolean): void {
    const former = this.#shown;
    const same = ({ line, correction }: ShownLine, now: TranscriptLine | undefined): boolean =>
      !anew && line === now && correction === this.corrections.get(now.id);
    let first = 0;
    while (first < former.length) {
      const shown = former[first];
      if (shown === undefined || !same(shown, this.lines[first])) break;
      first += 1;
    }
    const lines = this.lines.slice(first);
    const rest = new Map(former.slice(first).map((shown) => [shown.key, shown]));
    const shown = lines.map((line) => {
      const key = keyOf(line);
      const one = rest.get(key) ?? this.#place(key, former.length > 0);
      rest.delete(key);
      if (!same(one, line)) this.#draw(line, one.node);
      one.line = line;
      one.correction = this.corrections.get(line.id);
      return one;
    });
    for (const { node } of rest.values()) {
      const stretch = node.parentElement;
      node.remove();
      if (stretch?.childElementCount === 0) stretch.remove();
    }
    let before = former[first - 1]?.node ?? null;
    for (const { node } of shown) {
      this.#put(node, before);
      before = node;
    }
    this.#shown = [...former.slice(0, first), ...shown];
  }

  /** Stands `node` behind `before`, or first: in the same stretch while that is not full. */
  #put(node: HTMLElement, before: HTMLElement | null): void {
    const stretch = before?.parentElement ?? this.#log?.firstElementChild ?? this.#begin(null);
    const next = before === null ? stretch.firstChild : before.nextSibling;
    if (node === next) return;
    const ends = before !== null && next === null;
    if (ends && stretch.nextElementSibling?.firstChild === node) return;
    if (ends && stretch.childElementCount >= STRETCH) this.#begin(stretch).append(node);
    else stretch.insertBefore(node, next);
  }

  #begin(after: Element | null): Element {
    const stretch = document.createElement('div');
    stretch.className = 'stretch';
    if (after === null) this.#log?.prepend(stretch);
    else after.after(stretch);
    return stretch;
  }

  /** @param comes a line that comes while others stand there is seen to come */
  #place(key: string, comes: boolean): ShownLine {
    const node = document.createElement('div');
    node.classList.toggle('comes', comes);
    return { key, node, line: null, correction: undefined };
  }

  #watchSize(): void {
    const log = this.#log;
    if (log !== null) this.#resize?.observe(log);
  }

  #follow(): void {
    this.#toEnd();
    // What comes into view may be of another height than was guessed while nobody saw it.
    requestAnimationFrame(() => {
      this.#toEnd();
      requestAnimationFrame(() => this.#toEnd());
    });
  }

  #toEnd(): void {
    const log = this.#log;
    if (log === null || !this.following) return;
    log.scrollTop = log.scrollHeight;
    this.#top = log.scrollTop;
  }

  readonly #scrolled = (): void => {
    const log = this.#log;
    if (log === null) return;
    const { scrollHeight, scrollTop, clientHeight } = log;
    const near = scrollHeight - scrollTop - clientHeight < NEAR_END;
    // Only a reader goes back; an end that moves away comes from rows that turn out higher.
    this.following = near || (this.following && scrollTop >= this.#top);
    this.#top = scrollTop;
  };

  readonly #toLatest = (): void => {
    this.following = true;
    this.#follow();
    this.#log?.focus({ preventScroll: true });
  };

  #note(line: TranscriptLine): string | null {
    const { words } = this.#localize;
    if (line.status === 'interrupted') {
      return line.role === 'interviewer' ? words.interrupted : null;
    }
    if (line.status === 'failed') return words.failed;
    return line.status === 'inaudible' ? words.inaudible : null;
  }

  #draw(line: TranscriptLine, node: HTMLElement): void {
    const { words } = this.#localize;
    const partial = line.status === 'partial';
    const note = this.#note(line);
    const text = partial ? unfinished(line.text) : line.text;
    const correction = this.corrections.get(line.id);
    const comes = node.classList.contains('comes') ? 'comes' : '';
    node.className = `turn ${line.role} ${line.status} ${comes}`;
    node.part.add('line');
    // What is unsure is not read out; as a finished line it comes as another node.
    if (partial) node.ariaHidden = 'true';
    const who = line.role === 'candidate' ? words.you : words.interviewer;
    render(
      html`<p class="who">
          <b>${who}</b>
          ${line.atMs === null ? nothing : html`<time>${clockText(line.atMs / 1000)}</time>`}
        </p>
        ${
          text === ''
            ? nothing
            : html`<p class="text" dir="auto" lang=${this.spokenLang || nothing}>${text}</p>`
        }
        ${note === null ? nothing : html`<p class="note">${note}</p>`}
        ${
          correction === undefined
            ? nothing
            : html`<p class="note">${words.correction}</p>
                <p class="text own" dir="auto" lang=${this.spokenLang || nothing}>${correction}</p>`
        }`,
      node,
    );
  }

  protected override render(): TemplateResult {
    const { words } = this.#localize;
    return html`<div
        class="log"
        part="log"
        role="log"
        tabindex="0"
        aria-live=${this.politeness}
        aria-label=${words.transcript}
        @scroll=${this.#scrolled}
      ></div>
      ${this.lines.length === 0 ? html`<p class="empty">${words.transcriptEmpty}</p>` : nothing}
      ${
        this.following
          ? nothing
          : html`<button class="latest" part="latest" type="button" @click=${this.#toLatest}>
              ${words.latest}
            </button>`
      }`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ai-interview-transcript': AiInterviewTranscript;
  }
}
