import {
  html,
  LitElement,
  type CSSResultGroup,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from 'lit';
import type { Levels, Turn } from '@interview/rtc';
import { base, tokens } from '../tokens.ts';
import { discRadius, loudness, MEMORY, smooth, spokes } from './shape.ts';
import { styles } from './visualizer.styles.ts';

/** How often a reading moves one spoke further, milliseconds. */
const STEP_MS = 32;
/** Under reduced motion the ring is redrawn this seldom, milliseconds. */
const STILL_MS = 400;

/**
 * A ring that moves with the voices: spokes for the interviewer, a disc for the candidate. No face, nothing that stares.
 *
 * @summary Presence of both voices.
 * @tagname ai-interview-visualizer
 * @csspart ring - The drawing.
 */
export class AiInterviewVisualizer extends LitElement {
  static override styles: CSSResultGroup = [tokens, base, styles];
  static override properties: PropertyDeclarations = {
    levels: { attribute: false },
    turn: { reflect: true },
    active: { type: Boolean },
    quiet: { type: Boolean, reflect: true },
    theme: { reflect: true },
  };

  #frame = 0;
  #last = 0;
  #moved = 0;
  #candidate = 0;
  #interviewer = 0;
  #history: number[] = Array<number>(MEMORY).fill(0);
  #drawn = '';
  readonly #calm = matchMedia('(prefers-reduced-motion: reduce)');

  get #ring(): SVGPathElement | null {
    return this.renderRoot.querySelector('.spokes');
  }

  get #disc(): SVGCircleElement | null {
    return this.renderRoot.querySelector('.disc');
  }

  get #halo(): SVGCircleElement | null {
    return this.renderRoot.querySelector('.halo');
  }

  /** Reads both voices; asked once a frame while `active`. */
  levels: (() => Levels) | null = null;
  /** Whose turn it is. */
  turn: Turn = 'listening';
  /** Moves with the voices. */
  active = false;
  /** Dimmed: nobody is heard now. */
  quiet = false;
  /** `light`, `dark` or the reader's own. */
  theme = 'auto';

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#run();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('active') || changed.has('levels')) this.#run();
  }

  #run(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    if (this.active && this.levels !== null && this.isConnected) {
      this.#last = performance.now();
      this.#frame = requestAnimationFrame(this.#tick);
    } else {
      this.#rest();
    }
  }

  #rest(): void {
    this.#candidate = 0;
    this.#interviewer = 0;
    this.#history.fill(0);
    this.#draw();
  }

  readonly #tick = (now: number): void => {
    this.#frame = requestAnimationFrame(this.#tick);
    const elapsed = Math.min(100, Math.max(0, now - this.#last));
    if (this.#calm.matches && now - this.#moved < STILL_MS) return;
    const levels = this.levels?.() ?? { candidate: 0, interviewer: 0 };
    this.#last = now;
    this.#candidate = smooth(this.#candidate, loudness(levels.candidate), elapsed);
    this.#interviewer = smooth(this.#interviewer, loudness(levels.interviewer), elapsed);
    if (now - this.#moved >= STEP_MS) {
      this.#moved = now;
      this.#history = [this.#interviewer, ...this.#history.slice(0, -1)];
    } else {
      this.#history[0] = this.#interviewer;
    }
    if (this.#calm.matches) this.#drawStill();
    else this.#draw();
  };

  #draw(): void {
    const path = spokes(this.#history);
    const radius = discRadius(this.#candidate).toFixed(1);
    const state = `${path} ${radius}`;
    if (state === this.#drawn) return;
    this.#drawn = state;
    this.#ring?.setAttribute('d', path);
    this.#disc?.setAttribute('r', radius);
    this.#halo?.setAttribute('r', (Number(radius) + 10 * this.#candidate).toFixed(1));
  }

  /** A still ring whose weight tells who is heard, in three steps. */
  #drawStill(): void {
    const step = (level: number): number => Math.round(level * 2);
    this.#ring?.style.setProperty('stroke-width', String(2 + step(this.#interviewer)));
    this.#disc?.setAttribute('r', String(22 + 6 * step(this.#candidate)));
  }

  protected override render(): TemplateResult {
    return html`<svg part="ring" viewBox="0 0 200 200" aria-hidden="true">
      <radialGradient id="ring" gradientUnits="userSpaceOnUse" cx="100" cy="100" r="92">
        <stop class="near" offset="0.7" />
        <stop class="far" offset="1" />
      </radialGradient>
      <path class="spokes" stroke="url(#ring)"></path>
      <circle class="face" cx="100" cy="100" r="54"></circle>
      <circle class="halo" cx="100" cy="100" r="22"></circle>
      <circle class="disc" cx="100" cy="100" r="22"></circle>
    </svg>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ai-interview-visualizer': AiInterviewVisualizer;
  }
}
