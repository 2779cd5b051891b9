import {
  html,
  LitElement,
  nothing,
  type CSSResultGroup,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from 'lit';
import type { Levels } from '@interview/rtc';
import { Localize, type Wording } from '../controllers/localize.ts';
import { base, tokens } from '../tokens.ts';
import { loudness } from '../visualizer/shape.ts';
import { BARS, styles } from './device-check.styles.ts';

/** Louder than this is a voice and no hum of the room, 0 to 1. */
const VOICE = 0.2;
/** So much voice in all shows that the microphone works, milliseconds. */
const ENOUGH_MS = 350;
/** After so long without a voice we say what may help, milliseconds. */
const QUIET_MS = 9_000;

/** The candidate chose another microphone. Stays inside the room. */
export class MicrophoneChosenEvent extends Event {
  static readonly type = 'microphone-chosen';
  readonly deviceId: string;

  constructor(deviceId: string) {
    super(MicrophoneChosenEvent.type);
    this.deviceId = deviceId;
  }
}

/**
 * Shows that the microphone hears: a meter of the real level, a choice of microphones, and a plain verdict.
 *
 * @summary Microphone check.
 * @tagname ai-interview-device-check
 * @fires {MicrophoneChosenEvent} microphone-chosen - Another microphone was chosen.
 * @csspart meter - The bars.
 * @csspart notice - The verdict.
 */
export class AiInterviewDeviceCheck extends LitElement {
  static override styles: CSSResultGroup = [tokens, base, styles];
  static override properties: PropertyDeclarations = {
    levels: { attribute: false },
    microphones: { attribute: false },
    microphoneId: { attribute: false },
    theme: { reflect: true },
    words: { attribute: false },
    verdict: { state: true },
  };

  readonly #localize = new Localize(this);
  #frame = 0;
  #last = 0;
  #began = 0;
  #voiced = 0;
  #lit = 0;

  get #meter(): HTMLElement | null {
    return this.renderRoot.querySelector('.meter');
  }

  private verdict: 'waiting' | 'heard' | 'quiet' = 'waiting';

  /** Reads the level; asked once a frame. */
  levels: (() => Levels) | null = null;
  /** What can be chosen. */
  microphones: readonly MediaDeviceInfo[] = [];
  /** What is chosen; null where unknown. */
  microphoneId: string | null = null;
  /** `light`, `dark` or the reader's own. */
  theme = 'auto';
  /** The page's own words in the place of ours; null for none. */
  words: Wording | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#listenAnew();
    this.#frame = requestAnimationFrame(this.#tick);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    cancelAnimationFrame(this.#frame);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('microphoneId') && changed.get('microphoneId') !== undefined) {
      this.#listenAnew();
    }
  }

  #listenAnew(): void {
    this.#began = this.#last = performance.now();
    this.#voiced = 0;
    this.verdict = 'waiting';
  }

  readonly #tick = (now: number): void => {
    this.#frame = requestAnimationFrame(this.#tick);
    const level = loudness(this.levels?.().candidate ?? 0);
    const elapsed = Math.min(100, Math.max(0, now - this.#last));
    this.#last = now;
    if (level > VOICE) this.#voiced += elapsed;
    if (this.#voiced >= ENOUGH_MS) this.verdict = 'heard';
    else if (now - this.#began > QUIET_MS) this.verdict = 'quiet';
    this.#light(Math.round(level * BARS));
  };

  /** Only the bars that change are touched. */
  #light(count: number): void {
    if (!this.hasUpdated || count === this.#lit) return;
    const bars = this.#meter?.children ?? [];
    for (let i = Math.min(count, this.#lit); i < Math.max(count, this.#lit); i += 1) {
      bars[i]?.classList.toggle('on', i < count);
    }
    this.#lit = count;
  }

  readonly #choose = (event: Event): void => {
    if (event.target instanceof HTMLSelectElement) {
      this.dispatchEvent(new MicrophoneChosenEvent(event.target.value));
    }
  };

  #choice(): TemplateResult | typeof nothing {
    const { words } = this.#localize;
    if (this.microphones.length === 0) return nothing;
    return html`<label class="field">
      <span>${words.microphone}</span>
      <select @change=${this.#choose}>
        ${this.microphones.map(
          (device, index) =>
            html`<option
              value=${device.deviceId}
              ?selected=${device.deviceId === this.microphoneId}
            >
              ${device.label || words.microphoneUnnamed(index + 1)}
            </option>`,
        )}
      </select>
    </label>`;
  }

  protected override render(): TemplateResult {
    const { words } = this.#localize;
    const said = { waiting: words.notHeardYet, heard: words.heard, quiet: words.stillQuiet };
    return html`<div class="meter" part="meter" role="img" aria-label=${words.level}>
        ${Array.from({ length: BARS }, () => html`<i></i>`)}
      </div>
      ${this.#choice()}
      <div class="notice ${this.verdict}" part="notice" role="status">${said[this.verdict]}</div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ai-interview-device-check': AiInterviewDeviceCheck;
  }
}
