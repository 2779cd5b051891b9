import {
  html,
  LitElement,
  type CSSResultGroup,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from 'lit';
import type { EndReason } from '@interview/rtc';
import { Announcer } from '../controllers/announcer.ts';
import { Arrival } from '../controllers/arrival.ts';
import { CandidatePath } from '../controllers/candidate-path.ts';
import { ConsentChoices } from '../controllers/consent-choices.ts';
import { Countdown } from '../controllers/countdown.ts';
import { InvitationLink } from '../controllers/invitation-link.ts';
import { Late } from '../controllers/late.ts';
import { LeaveGuard } from '../controllers/leave-guard.ts';
import { Localize, type Wording } from '../controllers/localize.ts';
import {
  realSession,
  SessionController,
  type SessionFactory,
} from '../controllers/session-controller.ts';
import {
  InterviewEndRequestEvent,
  InterviewTokenExpiredEvent,
  type InterviewErrorEvent,
} from '../events.ts';
import { base, controls, tokens } from '../tokens.ts';
import { needsHelp, screenOf, type Screen } from '../view-model.ts';
import { header } from './header.ts';
import { styles } from './room.styles.ts';
import type { RoomActions, RoomScene } from './scene.ts';
import { screenTemplate } from './screen.ts';
import { missingIn, sessionOptions, sources } from './session-source.ts';

/** Where the page's own words go, below a screen. */
const slots: Partial<Record<Screen['name'], string>> = {
  welcome: 'welcome',
  setup: 'error',
  trouble: 'error',
};

/**
 * An interview room: a candidate opens a link, agrees, checks the microphone, and talks with an AI interviewer.
 *
 * @summary A whole AI interview in one element.
 * @tagname ai-interview-room
 * @slot logo - Stands in for the company's mark in the head.
 * @slot header - Stands in for the whole head; then the page says what the head says.
 * @slot welcome - Shown below the first page.
 * @slot consent - Shown below the agreements.
 * @slot error - Shown below what is wrong, for example whom to call.
 * @slot completed - Shown below the thank-you, for example a link back.
 * @slot footer - Shown below every screen.
 * @fires {InterviewStateChangeEvent} interview-statechange - The interview moved on.
 * @fires {InterviewTranscriptEvent} interview-transcript - A line came or changed.
 * @fires {InterviewErrorEvent} interview-error - Something failed.
 * @fires {InterviewCompletedEvent} interview-completed - The interview is over and stored.
 * @fires {InterviewConsentEvent} interview-consent - The candidate answered what was asked. Cancelable: then nothing begins.
 * @fires {InterviewEndRequestEvent} interview-end-request - The candidate pressed End. Cancelable: then the page asks once more.
 * @fires {InterviewTokenExpiredEvent} interview-token-expired - The session token holds no more; a fresh one goes on.
 * @fires {InterviewDeliveryEvent} interview-delivery - A part of the transcript was stored.
 * @fires {InterviewTimeEvent} interview-time - The server told how much time is left.
 * @fires {InterviewProgressEvent} interview-progress - The next question began.
 * @fires {InterviewDeviceChangeEvent} interview-devicechange - A microphone or speaker came, went or was chosen.
 * @fires {InterviewQualityEvent} interview-quality - How good the connection is.
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
 * @csspart ask-form - What the candidate writes to people.
 * @csspart steps - What helps in this browser, step by step.
 * @csspart device-check - Microphone and speaker.
 * @csspart meter - How loud the microphone is.
 * @csspart notice - Whether it hears the candidate.
 * @csspart sound-button - Plays a sound to hear.
 * @csspart network - How the connection is.
 * @csspart practice - A minute to warm up.
 * @csspart facts - Numbers at a glance.
 * @csspart about - Who invites, who decides, what is kept.
 * @csspart next - What happens after the talk.
 * @csspart feedback - How it was.
 * @csspart read - What was said, to be read and corrected.
 * @csspart live - Stage and transcript.
 * @csspart stage - Ring, question and caption.
 * @csspart question - The question that is asked.
 * @csspart visualizer - The ring's place.
 * @csspart ring - The ring itself.
 * @csspart turn - Who speaks, in words.
 * @csspart caption - What is being said.
 * @csspart transcript - The transcript's panel.
 * @csspart log - Its lines.
 * @csspart latest - Leads back to its last line.
 * @csspart overlay - Covers the stage while the connection is away.
 * @csspart controls - The bar.
 * @csspart saved - How far the answers are stored.
 * @csspart end-button - Ends the interview.
 * @csspart error - The column of a screen that says what is wrong.
 * @csspart presence - Ring and turn.
 * @csspart signal - How good the connection is.
 * @csspart text-answer - The form for an answer in writing.
 * @csspart answer - Its field.
 * @csspart menu - What else can be done in the talk.
 * @csspart mute-button - Closes the microphone and opens it.
 * @csspart done-button - The answer is complete.
 * @csspart captions-button - Shows captions.
 * @csspart write-button - Opens the form for an answer in writing.
 * @csspart send-button - Sends it.
 * @csspart menu-button - Opens the menu.
 * @cssproperty [--ai-interview-bg=oklch(98.4% .004 85)] - Ground behind cards.
 * @cssproperty [--ai-interview-surface=oklch(100% 0 0)] - Background of the room.
 * @cssproperty [--ai-interview-sunken=oklch(97% .005 85)] - Background of the transcript.
 * @cssproperty [--ai-interview-text=oklch(24% .012 260)] - Words.
 * @cssproperty [--ai-interview-muted=oklch(48% .014 260)] - Second words.
 * @cssproperty [--ai-interview-line=oklch(90.5% .006 85)] - Lines.
 * @cssproperty [--ai-interview-accent=oklch(49% .115 195)] - The one colour; every state follows.
 * @cssproperty [--ai-interview-on-accent=oklch(99% 0 0)] - Words on the accent; ours are the more readable of black and white.
 * @cssproperty [--ai-interview-danger=oklch(51% .17 27)] - Ending, and what failed.
 * @cssproperty [--ai-interview-warn=oklch(57% .12 65)] - What needs care.
 * @cssproperty [--ai-interview-ok=oklch(52% .11 155)] - What is well.
 * @cssproperty [--ai-interview-danger-soft=oklch(95.5% .02 27)] - Ground of what failed.
 * @cssproperty [--ai-interview-warn-soft=oklch(96% .035 85)] - Ground of what needs care.
 * @cssproperty [--ai-interview-shadow=0 1px 2px oklch(0% 0 0 / .05), 0 12px 32px -12px oklch(0% 0 0 / .14)] - Shadow of the frame.
 * @cssproperty --ai-interview-accent-soft - Soft ground in the accent; made of it.
 * @cssproperty [--ai-interview-font=system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif] - Typeface.
 * @cssproperty [--ai-interview-radius=14px] - Corners of the frame.
 * @cssproperty [--ai-interview-radius-s=9px] - Corners within.
 * @cssproperty [--ai-interview-caption-scale=1] - Size of captions.
 */
export class AiInterviewRoom extends LitElement {
  static override styles: CSSResultGroup = [tokens, base, controls, styles];
  static override properties: PropertyDeclarations = {
    startUrl: { attribute: 'start-url' },
    supabaseUrl: { attribute: 'supabase-url' },
    supabaseKey: { attribute: 'supabase-key' },
    invitation: {},
    // An attribute that holds a secret is never written by us: neither reflects.
    sessionToken: { attribute: 'session-token' },
    serverUrl: { attribute: 'server-url' },
    consentUrl: { attribute: 'consent-url' },
    consentVersion: { attribute: 'consent-version' },
    layout: { reflect: true },
    captions: {},
    politeness: {},
    transcript: { reflect: true },
    heading: {},
    theme: { reflect: true },
    simulation: { type: Boolean },
    autoStart: { type: Boolean, attribute: 'auto-start' },
    words: { attribute: false },
    sessionFactory: { attribute: false },
  };

  readonly #localize = new Localize(this);
  readonly #announcer = new Announcer(this);
  readonly #arrival = new Arrival(this, this.#announcer);
  readonly #control = new SessionController(this);
  readonly #choices = new ConsentChoices(this);
  readonly #late = new Late(this);
  readonly #path = new CandidatePath(this, this.#control, this.#choices, this.#late);
  readonly #countdown = new Countdown(this);
  readonly #leaveGuard = new LeaveGuard(this);

  /** Address of the `interview-start` function. */
  startUrl = '';
  /** Address of the Supabase project, where `start-url` is not given: its function of that name is asked. */
  supabaseUrl = '';
  /** The candidate's `inv_…`. Without it the element takes `#interview=inv_…` from the page's address and strips it there. */
  invitation = '';
  /**
   * A session token (JWT) that a server of the page's own fetched, in the place of start and invitation; needs `server-url`.
   * Set a fresh one after `interview-token-expired`, and the same interview goes on.
   */
  sessionToken = '';
  /** Where the page says what is agreed to; asked with a session token, where no start names its own agreements. */
  consentUrl = '';
  /** Version of what stands there; told by `interview-consent`. */
  consentVersion = '';
  /** Proxy address(es), parted by blanks or commas, tried in order, instead of what the start names. */
  serverUrl = '';
  /** Publishable key of the Supabase project. */
  supabaseKey = '';
  /** How the room stands in the page. */
  layout: 'inline' = 'inline' as const;
  /** Whether captions are shown at first. */
  captions: 'on' | 'off' = 'on';
  /** How soon a screen reader tells the lines that nobody hears: while it waits, at once, or not at all. */
  politeness: 'polite' | 'assertive' | 'off' = 'polite';
  /** Whether the talk shows the transcript beside it. */
  transcript: 'on' | 'off' = 'on';
  /** Heading of the first page. */
  heading = '';
  /** `light`, `dark` or the reader's own. */
  theme: 'auto' | 'light' | 'dark' = 'auto';
  /** Asks for the simulated interviewer, where the server allows it. */
  simulation = false;
  /** Goes as far as it can without being asked. */
  autoStart = false;
  /** Words of the page in the place of ours, for example `{ welcome: { title: 'Hello' } }`; null for none. */
  words: Wording | null = null;
  /** Makes the session; for tests and for pages that bring their own. Set it before the element is shown. */
  sessionFactory: SessionFactory = realSession;

  /** The page named another source while a talk was under way. */
  #outdated = false;
  readonly #link = new InvitationLink(this, () => this.#open());

  constructor() {
    super();
    this.addEventListener('interview-error', this.#onError);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('online', this.#redraw);
    window.addEventListener('offline', this.#redraw);
    if (this.hasUpdated && this.#control.session === null) this.#open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('online', this.#redraw);
    window.removeEventListener('offline', this.#redraw);
  }

  /** A talk is under way in this room. */
  get talking(): boolean {
    return this.#control.talking;
  }

  /** Goes all the way to the talk; stops at the first screen that still needs an answer. Call it in a user gesture. */
  async start(): Promise<void> {
    if (this.#outdated && !this.talking) this.#open();
    await this.#path.start();
  }

  /** Ends the interview; resolves when everything is stored, or when the room shows what hinders it. */
  async end(reason?: EndReason): Promise<void> {
    await this.#path.end(reason);
  }

  /** Sends silence. */
  mute(): void {
    void this.#control.mute(true);
  }

  /** Speaks again. */
  unmute(): void {
    void this.#control.mute(false);
  }

  /** Lets the interview wait, where the server allows it; false where it does not, and `interview-error` says why. */
  pause(): Promise<boolean> {
    return this.#control.ask((session) => session.pause());
  }

  /** Goes on after `pause`; false like that. */
  unpause(): Promise<boolean> {
    return this.#control.ask((session) => session.unpause());
  }

  /** Answers in writing; false where that is not possible, and `interview-error` says why. */
  sendText(text: string): Promise<boolean> {
    return this.#control.ask((session) => session.sendText(text));
  }

  readonly #redraw = (): void => this.requestUpdate();

  #open(): void {
    this.#outdated = false;
    const { tag, words } = this.#localize;
    this.#path.open(sessionOptions(this, this.#link.invitation, tag, words.agreeToLinked));
  }

  /** The page may ask in its own way whether the interview shall end. */
  #end(step: 'ask' | 'keep' | 'end'): void {
    if (step !== 'ask' || this.dispatchEvent(new InterviewEndRequestEvent()))
      this.#path.endStep(step);
  }

  readonly #onError = ({ error }: InterviewErrorEvent): void => {
    if (this.sessionToken === '' || error.code !== 'token_refused') return;
    this.dispatchEvent(new InterviewTokenExpiredEvent({ error }));
  };

  readonly #actions: RoomActions = {
    onContinue: () => void this.#path.goOn(),
    onStart: () => void this.#path.begin(),
    onType: () => void this.#path.type(),
    onRemedy: (remedy) => this.#path.remedy(remedy),
    onMute: () => void this.#toggleMute(),
    onCaptions: () => (this.captions = this.captions === 'off' ? 'on' : 'off'),
    onEnd: (step) => this.#end(step),
  };

  async #toggleMute(): Promise<void> {
    const session = this.#control.session;
    if (session === null) return;
    await this.#control.mute(!session.muted);
    const { announce } = this.#localize.words;
    this.#announcer.say(session.muted ? announce.muted : announce.unmuted);
  }

  get #screen(): Screen {
    const missing = missingIn(this, this.#link.invitation);
    return screenOf({ missing, parts: this.#late.state, ...this.#control.facts });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    // Nobody is torn out of a talk: what came meanwhile counts for the next one.
    if (sources.some((name) => changed.has(name))) {
      if (this.talking) this.#outdated = true;
      else if (changed.get('sessionToken') && this.#control.facts.error === 'token_refused')
        void this.#control.restart();
      else this.#open();
    }
    const { session, clock, ended } = this.#control;
    this.#countdown.follow(clock, session?.state !== 'live');
    if (ended !== null) this.#link.forget();
  }

  protected override updated(): void {
    const { words } = this.#localize;
    const { secondsLeft, waiting } = this.#countdown;
    if (secondsLeft !== null && !waiting) this.#arrival.tellTime(secondsLeft, words);
    const screen = this.#screen;
    const { session, about } = this.#control;
    this.#arrival.show(screen, words, session?.state === 'paused');
    const unsaved = (session?.delivery.pending ?? 0) > 0;
    // A last rendering may come after the element was taken away.
    this.#leaveGuard.follow(this.isConnected && (this.talking || unsaved));
    if (about !== null) this.#late.want();
    else if (needsHelp(screen)) this.#late.want('help');
  }

  protected override render(): TemplateResult {
    const { words } = this.#localize;
    const screen = this.#screen;
    const slot = slots[screen.name];
    const scene: RoomScene = {
      words,
      wording: this.words,
      theme: this.theme,
      heading: this.heading,
      simulation: this.simulation,
      ownMark: this.querySelector(':scope > [slot=logo]') !== null,
      control: this.#control,
      choices: this.#choices,
      captions: this.captions !== 'off',
      politeness: this.politeness,
      announcer: this.#announcer,
      clock: this.#countdown,
      ending: this.#path.ending,
      actions: this.#actions,
      link: this.#link,
      late: this.#late,
      redraw: this.#redraw,
    };
    return html`<div
        class="room"
        part="room"
        role="region"
        aria-label=${words.room}
        lang=${words.$code}
        dir=${this.dir || words.$dir}
        @keydown=${this.#path.onKey}
      >
        <slot name="header">${header(screen.name, scene)}</slot>
        <div class="main ${screen.name}">
          ${screenTemplate(screen, scene)}${slot && html`<slot name=${slot}></slot>`}
        </div>
        <slot name="footer"></slot>
      </div>
      ${this.#announcer.render()}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ai-interview-room': AiInterviewRoom;
  }
}
