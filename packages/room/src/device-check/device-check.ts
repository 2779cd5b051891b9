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
import { base, controls, tokens } from '../tokens.ts';
import { loudness } from '../visualizer/shape.ts';
import { BARS, styles } from './device-check.styles.ts';

/** Louder than this is a voice and no hum of the room, 0 to 1. */
const VOICE = 0.2;
/** So much voice in all shows that the microphone works, milliseconds. */
const ENOUGH_MS = 350;
/** After so long without a voice we say what may help, milliseconds. */
const QUIET_MS = 9_000;

/** Drawing beside the button that plays a sound. */
const SPEAKER = 'M4 10v4h3l5 4V6L7 10H4ZM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11';

/** The candidate chose another microphone. Stays inside the room. */
export class MicrophoneChosenEvent extends Event {
  static readonly type = 'microphone-chosen';
  readonly deviceId: string;

  constructor(deviceId: string) {
    super(MicrophoneChosenEvent.type);
    this.deviceId = deviceId;
  }
}

/** The candidate chose another speaker. Stays inside the room. */
export class SpeakerChosenEvent extends Event {
  static readonly type = 'speaker-chosen';
  readonly deviceId: string;

  constructor(deviceId: string) {
    super(SpeakerChosenEvent.type);
    this.deviceId = deviceId;
  }
}

/** What can be chosen, and how it is named. */
interface Choice {
  readonly name: string;
  readonly devices: readonly MediaDeviceInfo[];
  readonly chosen: string | null;
  readonly unnamed: (index: number) => string;
  readonly event: new (deviceId: string) => Event;
}

/**
 * Shows that the microphone hears: a meter of the real level and a plain verdict; and that sound comes out: a test sound.
 * Microphone and speaker can be chosen, where the browser lets a page choose.
 *
 * @summary Microphone and speaker check.
 * @tagname ai-interview-device-check
 * @fires {MicrophoneChosenEvent} microphone-chosen - Another microphone was chosen.
 * @fires {SpeakerChosenEvent} speaker-chosen - Another speaker was chosen.
 * @csspart meter - The bars.
 * @csspart sound-button - Plays a test sound.
 * @csspart notice - The verdict.
 */
export class AiInterviewDeviceCheck extends LitElement {
  static override styles: CSSResultGroup = [tokens, base, controls, styles];
  static override properties: PropertyDeclarations = {
    levels: { attribute: false },
    microphones: { attribute: false },
    microphoneId: { attribute: false },
    speakers: { attribute: false },
    speakerId: { attribute: false },
    playSound: { attribute: false },
    theme: { reflect: true },
    words: { attribute: false },
    verdict: { state: true },
    sound: { state: true },
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
  private sound: 'ready' | 'playing' | 'played' | 'failed' = 'ready';

  /** Reads the level; asked once a frame. */
  levels: (() => Levels) | null = null;
  /** What can be chosen. */
  microphones: readonly MediaDeviceInfo[] = [];
  /** What is chosen; null where unknown. */
  microphoneId: string | null = null;
  /** What sound can come out of. */
  speakers: readonly MediaDeviceInfo[] = [];
  /** What is chosen; null where the browser chooses. */
  speakerId: string | null = null;
  /** Plays a test sound and tells whether that went well; null shows no button. Called in the gesture. */
  playSound: (() => Promise<boolean>) | null = null;
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

  readonly #play = async (): Promise<void> => {
    if (this.playSound === null || this.sound === 'playing') return;
    const played = this.playSound();
    this.sound = 'playing';
    this.sound = (await played) ? 'played' : 'failed';
  };

  #field({ name, devices, chosen, unnamed, event }: Choice): TemplateResult {
    return html`<label class="field">
      <span>${name}</span>
      <select
        @change=${({ target }: Event) => {
          if (target instanceof HTMLSelectElement) this.dispatchEvent(new event(target.value));
        }}
      >
        ${devices.map(
          ({ deviceId, label }, index) =>
            html`<option value=${deviceId} ?selected=${deviceId === chosen}>
              ${label || unnamed(index + 1)}
            </option>`,
        )}
      </select>
    </label>`;
  }

  #microphone(): TemplateResult {
    const { words } = this.#localize;
    return this.#field({
      name: words.microphone,
      devices: this.microphones,
      chosen: this.microphoneId,
      unnamed: words.microphoneUnnamed,
      event: MicrophoneChosenEvent,
    });
  }

  #speaker(): TemplateResult | typeof nothing {
    const { words } = this.#localize;
    // Only where there is a choice, and where the browser leaves it to the page.
    const choice = this.speakers.length > 1 && 'setSinkId' in HTMLMediaElement.prototype;
    if (!choice) return nothing;
    return this.#field({
      name: words.speaker,
      devices: this.speakers,
      chosen: this.speakerId ?? 'default',
      unnamed: words.speakerUnnamed,
      event: SpeakerChosenEvent,
    });
  }

  #sound(): TemplateResult | typeof nothing {
    const { words } = this.#localize;
    if (this.playSound === null) return nothing;
    const said = {
      ready: nothing,
      playing: words.soundPlaying,
      played: words.soundPlayed,
      failed: words.soundFailed,
    };
    return html`<div class="sound">
      <button type="button" part="sound-button" @click=${this.#play}>
        <svg viewBox="0 0 24 24" aria-hidden="true"><path d=${SPEAKER}></path></svg>
        ${words.playSound}
      </button>
      <p class="said" role="status">${said[this.sound]}</p>
    </div>`;
  }

  protected override render(): TemplateResult {
    const { words } = this.#localize;
    const said = { waiting: words.notHeardYet, heard: words.heard, quiet: words.stillQuiet };
    return html`<div class="meter" part="meter" role="img" aria-label=${words.level}>
        ${Array.from({ length: BARS }, () => html`<i></i>`)}
      </div>
      <div class="notice ${this.verdict}" part="notice" role="status">${said[this.verdict]}</div>
      ${
        this.microphones.length > 0
          ? html`<div class="fields">${this.#microphone()} ${this.#speaker()}</div>`
          : nothing
      }
      ${this.#sound()}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ai-interview-device-check': AiInterviewDeviceCheck;
  }
}
