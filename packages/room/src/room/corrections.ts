import { html, nothing, type LitElement, type TemplateResult } from 'lit';
import type { SessionDoor } from '../controllers/session-controller.ts';
import type { TranscriptLine } from '@interview/rtc';
import { clockText } from '../view-model.ts';
import { button } from './card.ts';
import type { RoomScene } from './scene.ts';

/** Longest wording that is taken, characters (`correct` of the SDK). */
const LONGEST = 8000;

/** The candidate's own wording beside what was written down. The line itself stays as it was. */
export class Corrections {
  readonly #host: LitElement;
  readonly #accepted = new Map<string, string>();
  #session: SessionDoor | null = null;
  /** Of the line that is being corrected. */
  id = '';
  text = '';
  state: 'open' | 'saving' | 'failed' | 'refused' = 'open';

  constructor(host: LitElement) {
    this.#host = host;
  }

  belongsTo(session: SessionDoor | null): void {
    if (session !== this.#session) this.#accepted.clear();
    this.#session = session;
  }

  /** What was accepted for a line, or null. */
  of({ id }: TranscriptLine): string | null {
    return this.#accepted.get(id) ?? null;
  }

  open(line: TranscriptLine): void {
    this.id = line.id;
    this.text = this.of(line) ?? line.text;
    this.#tell('open');
    this.#focus('#correction');
  }

  close(): void {
    const { id } = this;
    this.id = '';
    this.#tell('open');
    this.#focus(`[data-line="${CSS.escape(id)}"]`);
  }

  async save({ control }: RoomScene): Promise<void> {
    const { id, state } = this;
    const text = this.text.trim();
    if (state === 'saving' || text === '') return;
    this.#tell('saving');
    let refused = false as boolean;
    const saved = await control.ask(async (session) => {
      try {
        await session.correct(id, text);
      } catch (error) {
        refused = (error as { code?: unknown }).code === 'unsupported';
        throw error;
      }
    });
    if (saved) {
      this.#accepted.set(id, text);
      this.close();
    } else {
      this.#tell(refused ? 'refused' : 'failed');
    }
  }

  #tell(state: Corrections['state']): void {
    this.state = state;
    this.#host.requestUpdate();
  }

  #focus(selector: string): void {
    void this.#host.updateComplete.then(() =>
      this.#host.renderRoot.querySelector<HTMLElement>(selector)?.focus(),
    );
  }
}

function form(corrections: Corrections, scene: RoomScene): TemplateResult {
  const { words } = scene;
  const { state } = corrections;
  const problem = { failed: words.correctFailed, refused: words.correctRefused };
  return html`<form
    class="form"
    @submit=${(event: Event) => {
      event.preventDefault();
      void corrections.save(scene);
    }}
    @keydown=${(event: KeyboardEvent) => {
      if (event.key === 'Escape') corrections.close();
    }}
  >
    <label for="correction">${words.correctLabel}</label>
    <textarea
      id="correction"
      rows="3"
      dir="auto"
      maxlength=${LONGEST}
      aria-describedby="correction-state"
      .value=${corrections.text}
      @input=${(event: Event) => {
        if (event.target instanceof HTMLTextAreaElement) corrections.text = event.target.value;
      }}
    ></textarea>
    <div class="row">
      <button type="submit" part="button">
        ${state === 'saving' ? words.correctSaving : words.correctSave}
      </button>
      ${button(words.correctCancel, () => corrections.close())}
    </div>
    <p
      class="problem"
      id="correction-state"
      role="status"
      .textContent=${state === 'failed' || state === 'refused' ? problem[state] : ''}
    ></p>
  </form>`;
}

function line(one: TranscriptLine, corrections: Corrections, scene: RoomScene): TemplateResult {
  const { words, control } = scene;
  const own = corrections.of(one);
  const candidate = one.role === 'candidate';
  const lang = control.about?.interview.language ?? nothing;
  return html`<li class=${one.role}>
    <p class="who">
      <b>${candidate ? words.you : words.interviewer}</b>
      ${one.atMs === null ? nothing : html`<time>${clockText(one.atMs / 1000)}</time>`}
    </p>
    <p dir="auto" lang=${lang}>${one.text || words.inaudible}</p>
    ${
      own === null
        ? nothing
        : html`<p class="own">
            <b>${words.corrected}</b> <span dir="auto" lang=${lang}>${own}</span>
          </p>`
    }
    ${
      !candidate
        ? nothing
        : corrections.id === one.id
          ? form(corrections, scene)
          : html`<div class="quiet">
              <button
                type="button"
                part="button"
                data-line=${one.id}
                @click=${() => corrections.open(one)}
              >
                ${words.correctIt}<span class="unseen">: ${one.text}</span>
              </button>
            </div>`
    }
  </li>`;
}

/** What was said, to be read and put right; folded up at first. */
export function readThrough(corrections: Corrections, scene: RoomScene): unknown {
  const { words, control } = scene;
  const lines = control.session?.lines.filter(({ status }) => status !== 'partial') ?? [];
  if (lines.length === 0) return nothing;
  corrections.belongsTo(control.session);
  return html`<details class="read" part="read">
    <summary>${words.readThrough}</summary>
    <p class="small">${words.readThroughText(control.about?.tenant.name ?? '')}</p>
    <ol>
      ${lines.map((one) => line(one, corrections, scene))}
    </ol>
  </details>`;
}
