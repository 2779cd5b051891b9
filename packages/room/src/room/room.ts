import {
  html,
  LitElement,
  type CSSResultGroup,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from 'lit';
import type { ConsentRequest, EndReason, InterviewSessionOptions } from '@interview/rtc';
import { Announcer } from '../controllers/announcer.ts';
import { CaptionPace } from '../controllers/caption-pace.ts';
import { Countdown, secondsLeft } from '../controllers/countdown.ts';
import { Localize } from '../controllers/localize.ts';
import {
  realSession,
  SessionController,
  type SessionFactory,
} from '../controllers/session-controller.ts';
import { base, controls, tokens } from '../tokens.ts';
import { savingOf, screenOf, type Remedy, type Screen } from '../view-model.ts';
import * as cards from './cards.ts';
import { header } from './header.ts';
import { recall, remember, takeFromAddress } from './invitation-link.ts';
import { live } from './live.ts';
import { styles } from './room.styles.ts';
import { consentAnswers, consentKey, missingConsents, welcome } from './welcome.ts';

/** What makes another session necessary when it changes. */
const sources = ['startUrl', 'invitation', 'serverUrl', 'supabaseKey', 'simulation'] as const;
/** Minutes at which the time left is told to screen readers. */
const TOLD_MINUTES = [5, 1];

/**
 * An interview room: a candidate opens a link, agrees, checks the microphone, and talks with an AI interviewer.
 *
 * @summary A whole AI interview in one element.
 * @tagname ai-interview-room
 * @slot logo - Stands in for the company's mark in the head.
 * @slot completed - Shown below the thank-you, for example a link back.
 * @fires {InterviewStateChangeEvent} interview-statechange - The interview moved on.
 * @fires {InterviewTranscriptEvent} interview-transcript - A line came or changed.
 * @fires {InterviewErrorEvent} interview-error - Something failed.
 * @fires {InterviewCompletedEvent} interview-completed - The interview is over and stored.
 * @fires {InterviewConsentEvent} interview-consent - The candidate answered what was asked.
 * @fires {InterviewDeliveryEvent} interview-delivery - A part of the transcript was stored.
 * @fires {InterviewTimeEvent} interview-time - The server told how much time is left.
 * @fires {InterviewProgressEvent} interview-progress - The next question began.
 * @csspart room - The frame.
 * @csspart header - The head: mark, title, progress, time.
 * @csspart logo - The company's mark.
 * @csspart title - Interview and company.
 * @csspart progress - "3 of 5" and its rail.
 * @csspart time - What is left.
 * @csspart card - The one column of every screen but the live one.
 * @csspart consents - All choices of the first page.
 * @csspart consent - One choice.
 * @csspart primary-button - The one main action of a screen.
 * @csspart button - Every other action.
 * @csspart live - Stage and transcript.
 * @csspart stage - Ring, question and caption.
 * @csspart question - The question that is asked.
 * @csspart visualizer - The ring.
 * @csspart turn - Who speaks, in words.
 * @csspart caption - What is being said.
 * @csspart transcript - The transcript's panel.
 * @csspart overlay - Covers the stage while the connection is away.
 * @csspart controls - The bar.
 * @csspart saved - How far the answers are stored.
 * @csspart end-button - Ends the interview.
 * @cssproperty --ai-interview-accent - The one colour; every state follows.
 * @cssproperty --ai-interview-surface - Background of the room.
 * @cssproperty --ai-interview-text - Words.
 * @cssproperty --ai-interview-muted - Second words.
 * @cssproperty --ai-interview-line - Lines.
 * @cssproperty --ai-interview-font - Typeface.
 * @cssproperty --ai-interview-radius - Corners of the frame.
 * @cssproperty --ai-interview-caption-scale - Size of captions, 1 is ours.
 */
export class AiInterviewRoom extends LitElement {
  static override styles: CSSResultGroup = [tokens, base, controls, styles];
  static override properties: PropertyDeclarations = {
    startUrl: { attribute: 'start-url' },
    invitation: {},
    serverUrl: { attribute: 'server-url' },
    supabaseKey: { attribute: 'supabase-key' },
    layout: { reflect: true },
    captions: {},
    heading: {},
    theme: { reflect: true },
    simulation: { type: Boolean },
    autoStart: { type: Boolean, attribute: 'auto-start' },
    sessionFactory: { attribute: false },
    granted: { state: true },
    asked: { state: true },
    ending: { state: true },
  };

  readonly #localize = new Localize(this);
  readonly #announcer = new Announcer(this);
  readonly #control = new SessionController(this);
  readonly #captions = new CaptionPace(this);
  readonly #countdown = new Countdown(this);
  #fromLink: string | null = null;
  #shown = '';
  #focusInside = false;
  #minutesTold = Infinity;
  #opening: Promise<boolean> = Promise.resolve(false);

  private granted: ReadonlySet<string> = new Set();
  private asked = false;
  private ending = false;

  /** Address of the `interview-start` function. */
  startUrl = '';
  /** The candidate's `inv_…`. Without it the element takes `#interview=inv_…` from the page's address and strips it there. */
  invitation = '';
  /** Proxy address(es), parted by blanks or commas, tried in order, instead of what the start names. */
  serverUrl = '';
  /** Publishable key of the Supabase project. */
  supabaseKey = '';
  /** How the room stands in the page. */
  layout: 'inline' = 'inline' as const;
  /** Whether captions are shown at first. */
  captions: 'on' | 'off' = 'on';
  /** Heading of the first page. */
  heading = '';
  /** `light`, `dark` or the reader's own. */
  theme: 'auto' | 'light' | 'dark' = 'auto';
  /** Asks for the simulated interviewer, where the server allows it. */
  simulation = false;
  /** Goes as far as it can without being asked. */
  autoStart = false;
  /** Makes the session; for tests and for pages that bring their own. Set it before the element is shown. */
  sessionFactory: SessionFactory = realSession;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('hashchange', this.#linkChanged);
    window.addEventListener('online', this.#redraw);
    window.addEventListener('offline', this.#redraw);
    this.#takeLink();
    if (this.hasUpdated && this.#control.session === null) this.#open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('hashchange', this.#linkChanged);
    window.removeEventListener('online', this.#redraw);
    window.removeEventListener('offline', this.#redraw);
  }

  /** Goes all the way to the talk; stops at the first screen that still needs an answer. Call it in a user gesture. */
  async start(): Promise<void> {
    await this.#opening;
    if (!this.#mayGoOn()) return;
    if (await this.#control.prepare()) await this.#begin();
  }

  /** Ends the interview; resolves when everything is stored, or when the room shows what hinders it. */
  async end(reason?: EndReason): Promise<void> {
    this.ending = false;
    await this.#control.end(reason);
  }

  /** Sends silence. */
  mute(): void {
    this.#control.session?.mute();
  }

  /** Speaks again. */
  unmute(): void {
    this.#control.session?.unmute();
  }

  readonly #redraw = (): void => this.requestUpdate();

  readonly #linkChanged = (): void => {
    if (this.#takeLink()) this.#open();
  };

  /** True when the page's address held an invitation. */
  #takeLink(): boolean {
    if (this.invitation !== '') return false;
    const found = takeFromAddress(window);
    if (found !== null) remember(window, found);
    this.#fromLink = found ?? this.#fromLink ?? recall(window);
    return found !== null;
  }

  get #missing(): 'start-url' | 'invitation' | null {
    if (this.startUrl === '') return 'start-url';
    return this.invitation === '' && this.#fromLink === null ? 'invitation' : null;
  }

  #options(): InterviewSessionOptions {
    const servers = this.serverUrl.split(/[\s,]+/).filter((url) => url !== '');
    return {
      startUrl: new URL(this.startUrl, this.baseURI),
      invitation: this.invitation || (this.#fromLink ?? ''),
      simulation: this.simulation,
      ...(this.supabaseKey !== '' && { supabaseKey: this.supabaseKey }),
      ...(servers.length > 0 && { serverUrl: servers }),
      ...(this.#localize.tag !== '' && { locale: this.#localize.tag }),
    };
  }

  #open(): void {
    this.granted = new Set();
    this.asked = this.ending = false;
    if (this.#missing !== null) {
      this.#control.close();
      return;
    }
    this.#control.open(this.sessionFactory, this.#options());
    this.#opening = this.#control.look();
    if (this.autoStart) void this.#autoStart();
  }

  async #autoStart(): Promise<void> {
    if (!(await this.#opening)) return;
    const { about } = this.#control;
    if (about !== null && missingConsents(about, this.granted).length === 0) await this.start();
  }

  /** Required agreements are there; else shows which one is not. */
  #mayGoOn(): boolean {
    const { about } = this.#control;
    if (about === null) return false;
    const missing = missingConsents(about, this.granted)[0];
    this.asked = missing !== undefined;
    if (missing === undefined) return true;
    this.#control.toWelcome();
    void this.updateComplete.then(() => {
      this.renderRoot.querySelector<HTMLElement>(`#consent-${missing.purpose}`)?.focus();
    });
    return false;
  }

  async #begin(): Promise<void> {
    const { about } = this.#control;
    if (about !== null) await this.#control.start(consentAnswers(about, this.granted));
  }

  readonly #consented = (one: ConsentRequest, granted: boolean): void => {
    const next = new Set(this.granted);
    if (granted) next.add(consentKey(one));
    else next.delete(consentKey(one));
    this.granted = next;
  };

  readonly #continue = (): void => {
    if (this.#mayGoOn()) void this.#control.prepare();
  };

  readonly #remedy = (remedy: Exclude<Remedy, null>): void => {
    const control = this.#control;
    if (remedy === 'look') this.#opening = control.look();
    else if (remedy === 'prepare') void control.prepare();
    else if (remedy === 'start') void control.restart();
    else void control.end();
  };

  readonly #endStep = (step: 'ask' | 'keep' | 'end'): void => {
    if (step === 'end') return void this.end();
    this.ending = step === 'ask';
    void this.updateComplete.then(() => {
      this.renderRoot.querySelector<HTMLElement>(step === 'ask' ? '.keep' : '.end')?.focus();
    });
  };

  readonly #keyed = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && this.ending) this.#endStep('keep');
  };

  readonly #toggleMute = (): void => {
    const session = this.#control.session;
    if (session === null) return;
    const muted = session.muted;
    if (muted) session.unmute();
    else session.mute();
    const { announce } = this.#localize.words;
    this.#announcer.say(muted ? announce.unmuted : announce.muted);
  };

  get #screen(): Screen {
    return screenOf({ missing: this.#missing, ...this.#control.facts });
  }

  get #waiting(): boolean {
    return this.#control.session?.state !== 'live';
  }

  get #secondsLeft(): number | null {
    const { clock } = this.#control;
    return clock === null ? null : secondsLeft(clock, performance.now(), this.#waiting);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (sources.some((name) => changed.has(name))) this.#open();
    this.#focusInside = this.shadowRoot?.activeElement != null;
    const { session } = this.#control;
    this.#captions.follow(
      session?.lines ?? [],
      session?.turn ?? 'listening',
      session?.progress?.text ?? '',
    );
    this.#countdown.run(this.#control.clock !== null && !this.#waiting);
    if (this.#control.ended !== null) remember(window, null);
  }

  protected override updated(): void {
    this.#tellTime();
    const screen = this.#screen;
    const key = [
      screen.name,
      screen.name === 'live' && screen.cover,
      screen.name === 'check' && screen.asking,
    ].join();
    if (key === this.#shown) return;
    const first = this.#shown === '';
    this.#shown = key;
    if (!first) this.#arrive(screen);
  }

  /** Leads focus and screen readers to a new screen; never takes focus that was elsewhere in the page. */
  #arrive(screen: Screen): void {
    const title = this.renderRoot.querySelector<HTMLElement>('.cover h2, .card h2, .stage h2');
    const { announce } = this.#localize.words;
    if (screen.name === 'live' && screen.cover === null) {
      this.#announcer.say(announce.live);
    } else if (!this.#focusInside) {
      this.#announcer.say(title?.textContent.trim() ?? '');
    }
    if (this.#focusInside) title?.focus({ preventScroll: true });
    if (screen.name !== 'live') this.ending = false;
  }

  #tellTime(): void {
    const seconds = this.#secondsLeft;
    if (seconds === null || this.#waiting) return;
    const due = TOLD_MINUTES.filter((m) => seconds <= m * 60 && m < this.#minutesTold).at(-1);
    if (due === undefined) return;
    this.#minutesTold = due;
    this.#announcer.say(this.#localize.words.announce.minutes(due));
  }

  #main(screen: Screen): TemplateResult {
    const { words } = this.#localize;
    const control = this.#control;
    switch (screen.name) {
      case 'loading':
        return cards.loading(words);
      case 'setup':
        return cards.setup(words, screen.missing);
      case 'welcome':
        return this.#welcome(screen.asked);
      case 'check':
        return cards.check(words, control, {
          asking: screen.asking,
          resumable: control.about?.resumable ?? false,
          theme: this.theme,
          onStart: () => void this.#begin(),
          onBack: () => control.toWelcome(),
        });
      case 'connecting':
        return cards.connecting(words);
      case 'live':
        return this.#live(screen);
      case 'saving':
        return cards.saving(words, control.session?.delivery ?? null);
      case 'done':
        return this.#done(screen.complete);
      case 'trouble':
        return cards.trouble(words, screen, {
          onRemedy: this.#remedy,
          onBack:
            control.session?.state === 'idle' || control.session?.state === 'ready'
              ? () => control.toWelcome()
              : null,
        });
    }
  }

  #welcome(asked: boolean): TemplateResult {
    const { about } = this.#control;
    if (about === null) return cards.loading(this.#localize.words);
    return welcome({
      words: this.#localize.words,
      about,
      heading: this.heading,
      granted: this.granted,
      asked: asked || this.asked,
      onConsent: this.#consented,
      onContinue: this.#continue,
    });
  }

  #live(screen: Extract<Screen, { name: 'live' }>): TemplateResult {
    const control = this.#control;
    const { session, about } = control;
    return live({
      words: this.#localize.words,
      theme: this.theme,
      company: about?.tenant.name ?? '',
      spokenLang: about?.interview.language ?? '',
      state: session?.state ?? 'idle',
      turn: session?.turn ?? 'listening',
      muted: session?.muted ?? false,
      cover: screen.cover,
      levels: control.levels,
      progress: session?.progress ?? null,
      secondsLeft: this.#secondsLeft,
      lines: session?.lines ?? [],
      caption: this.#captions.caption,
      asked: this.#captions.asked,
      captions: this.captions !== 'off',
      saving: savingOf(
        session?.delivery.pending ?? 0,
        navigator.onLine && screen.cover !== 'reconnecting',
      ),
      ending: this.ending,
      onMute: this.#toggleMute,
      onDone: () => void control.done(),
      onCaptions: () => (this.captions = this.captions === 'off' ? 'on' : 'off'),
      onEnd: this.#endStep,
      onSound: () => void control.soundOn(),
    });
  }

  #done(complete: boolean): TemplateResult {
    const { about, clock, session } = this.#control;
    const spokenS =
      about === null || clock === null ? null : about.interview.duration_s - clock.remainingS;
    return cards.done(this.#localize.words, about, {
      complete,
      progress: session?.progress ?? null,
      spokenS,
    });
  }

  protected override render(): TemplateResult {
    const { words } = this.#localize;
    const screen = this.#screen;
    return html`<div
        class="room"
        part="room"
        role="region"
        aria-label=${words.room}
        lang=${words.$code}
        dir=${this.dir || words.$dir}
        @keydown=${this.#keyed}
      >
        ${header({
          words,
          screen,
          about: this.#control.about,
          progress: this.#control.session?.progress ?? null,
          secondsLeft: this.#secondsLeft,
          waiting: this.#waiting,
          simulation: this.simulation,
        })}
        <div class="main ${screen.name}">${this.#main(screen)}</div>
      </div>
      ${this.#announcer.render()}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ai-interview-room': AiInterviewRoom;
  }
}
