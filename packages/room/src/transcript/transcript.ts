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
  readonly node: HTMLElement;
  line: TranscriptLine | null;
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
  /** BCP 47 tag of what is spoken; empty where unknown. */
  spokenLang = '';
  /** `light`, `dark` or the reader's own. */
  theme = 'auto';
  /** The page's own words in the place of ours; null for none. */
  words: Wording | null = null;

  #resize: ResizeObserver | null = null;
  readonly #shown = new Map<string, ShownLine>();
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
    this.#arrange(changed.has('spokenLang') || words !== this.#said);
    this.#said = words;
    if (changed.has('lines')) this.#follow();
  }

  /** Draws what is new or changed and leaves the rest alone: a long talk costs no more than its last line. */
  #arrange(anew: boolean): void {
    const log = this.#log;
    const keys = new Set(this.lines.map(keyOf));
    for (const [key, { node }] of this.#shown) {
      if (keys.has(key)) continue;
      node.remove();
      this.#shown.delete(key);
    }
    let place = log?.firstChild ?? null;
    for (const line of this.lines) {
      const shown = this.#shown.get(keyOf(line)) ?? {
        node: document.createElement('div'),
        line: null,
      };
      if (anew || shown.line !== line) this.#draw(line, shown.node);
      shown.line = line;
      this.#shown.set(keyOf(line), shown);
      if (shown.node === place) place = place.nextSibling;
      else log?.insertBefore(shown.node, place);
    }
  }

  #watchSize(): void {
    const log = this.#log;
    if (log !== null) this.#resize?.observe(log);
  }

  #follow(): void {
    const log = this.#log;
    if (log !== null && this.following) log.scrollTop = log.scrollHeight;
  }

  readonly #scrolled = (): void => {
    const log = this.#log;
    if (log === null) return;
    const { scrollHeight, scrollTop, clientHeight } = log;
    this.following = scrollHeight - scrollTop - clientHeight < NEAR_END;
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
    node.className = `turn ${line.role} ${line.status}`;
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
        ${note === null ? nothing : html`<p class="note">${note}</p>`}`,
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
