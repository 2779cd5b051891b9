import { html, nothing, type LitElement, type TemplateResult } from 'lit';
import type { AskKind } from '@interview/rtc';
import type { SessionDoor } from '../controllers/session-controller.ts';
import { button } from './card.ts';
import type { RoomScene } from './scene.ts';

/** Longest note that is taken, characters (`AskRequest` of the protocol). */
const LONGEST = 2000;

/** What can be asked for before and beside a talk. */
type Kind = Exclude<AskKind, 'help'>;

/** What the candidate asks people for: one thing at a time, and never why. */
class Asks {
  readonly #host: LitElement;
  #session: SessionDoor | null = null;
  kind: Kind | null = null;
  note = '';
  /** What was sent is not offered again. */
  readonly sent = new Set<Kind>();
  state: 'open' | 'empty' | 'sending' | 'sent' | 'failed' = 'open';

  constructor(host: LitElement) {
    this.#host = host;
  }

  /** Another link is another conversation. */
  belongsTo(session: SessionDoor | null): void {
    if (session === this.#session) return;
    this.#session = session;
    this.sent.clear();
    this.#set(null);
  }

  open(kind: Kind): void {
    this.#set(kind);
    this.#focus('#ask-note');
  }

  cancel(): void {
    const { kind } = this;
    this.#set(null);
    this.#focus(`[data-ask="${kind ?? ''}"]`);
  }

  async send({ control }: RoomScene): Promise<void> {
    const { kind, note } = this;
    if (kind === null || this.state === 'sending') return;
    if (kind === 'adjustment' && note.trim() === '') {
      this.#tell('empty');
      this.#focus('#ask-note');
      return;
    }
    const session = this.#session;
    this.#tell('sending');
    const sent = await control.ask((to) => to.ask(kind, note.trim()));
    if (session !== this.#session) return;
    if (sent) this.sent.add(kind);
    this.#tell(sent ? 'sent' : 'failed');
    this.#focus(sent ? '.asks .sent' : '#ask-note');
  }

  #set(kind: Kind | null): void {
    this.kind = kind;
    this.note = '';
    this.#tell('open');
  }

  #tell(state: Asks['state']): void {
    this.state = state;
    this.#host.requestUpdate();
  }

  #focus(selector: string): void {
    void this.#host.updateComplete.then(() =>
      show(this.#host.renderRoot.querySelector<HTMLElement>(selector)),
    );
  }
}

/** With the whole of what was folded out. */
function show(element: HTMLElement | null): void {
  element?.closest('.form')?.scrollIntoView({ block: 'nearest' });
  element?.focus();
}

function form(asks: Asks, scene: RoomScene): TemplateResult {
  const { words, control } = scene;
  const company = control.about?.tenant.name ?? '';
  const adjustment = asks.kind === 'adjustment';
  const problem = { empty: words.askEmpty, failed: words.askFailed };
  const { state } = asks;
  return html`<form
    class="form"
    part="ask-form"
    novalidate
    @submit=${(event: Event) => {
      event.preventDefault();
      void asks.send(scene);
    }}
    @keydown=${(event: KeyboardEvent) => {
      if (event.key === 'Escape') asks.cancel();
    }}
  >
    <label for="ask-note">${adjustment ? words.askAdjustmentLabel : words.askHumanLabel}</label>
    <textarea
      id="ask-note"
      rows="3"
      dir="auto"
      maxlength=${LONGEST}
      aria-describedby="ask-hint ask-state"
      aria-invalid=${state === 'empty' || nothing}
      .value=${asks.note}
      @input=${(event: Event) => {
        if (event.target instanceof HTMLTextAreaElement) asks.note = event.target.value;
      }}
    ></textarea>
    <p class="small" id="ask-hint">
      ${adjustment ? words.askAdjustmentHint(company) : words.askHumanHint(company)}
    </p>
    <div class="row">
      <button part="button" type="submit">
        ${state === 'sending' ? words.askSending : words.askSend}
      </button>
      ${button(words.askCancel, () => asks.cancel())}
    </div>
    <p
      class="problem"
      id="ask-state"
      role="status"
      .textContent=${state === 'empty' || state === 'failed' ? problem[state] : ''}
    ></p>
  </form>`;
}

/** Draws what people can be asked for; what is open takes the place of what opens it. */
export function asks(host: LitElement): (scene: RoomScene, kinds?: Kind[]) => TemplateResult {
  const asks = new Asks(host);
  return (scene, kinds = ['adjustment', 'human']) => {
    const { words, control } = scene;
    asks.belongsTo(control.session);
    if (asks.kind !== null && asks.state !== 'sent') return form(asks, scene);
    const names = { adjustment: words.askAdjustment, human: words.askHuman };
    return html`${
        asks.state === 'sent'
          ? html`<p class="notice sent" tabindex="-1" role="status">
              ${words.askSent(control.about?.tenant.name ?? '')}
            </p>`
          : nothing
      }
      <div class="quiet">
        ${kinds
          .filter((kind) => !asks.sent.has(kind))
          .map(
            (kind) =>
              html`<button
                type="button"
                part="button"
                data-ask=${kind}
                @click=${() => asks.open(kind)}
              >
                ${names[kind]}
              </button>`,
          )}
      </div>`;
  };
}
