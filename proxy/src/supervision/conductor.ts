import type {
  CallId,
  ConversationItem,
  EndReason,
  RealtimeServerEvent,
  ServerMessage,
} from '@interview/protocol';
import type { FastifyBaseLogger } from 'fastify';
import type { SessionBrief } from '../storage/port.ts';
import { Announcer } from './announcer.ts';
import { deadlineAt } from './clock.ts';
import { Director } from './director.ts';
import { Guard, type GuardOptions } from './guard.ts';
import type { Happening, InterviewEffect, InterviewInput } from './interview-events.ts';
import { currentStep, wordsAgain, type InterviewState } from './interview-state.ts';
import { languageName } from './instructions.ts';
import { Interviewer } from './interviewer.ts';
import { Observer, type StrangeToolCall } from './observer.ts';
import { OwnItems } from './own-items.ts';
import { replayItems } from './replay.ts';
import { Resumption } from './resumption.ts';
import { promptFor, SILENCE_STEPS, SilenceWatch, type SilenceLadder } from './silence.ts';
import { INHERITED_MS } from './tampering.ts';
import { turnDetectionOf } from './turn-detection.ts';
import type { Utterance } from './utterance.ts';
import { wordsOf } from './words.ts';

export interface ConductorOptions extends Omit<GuardOptions, 'isOfAnother'> {
  /** The call in which the interview is conducted. */
  call: CallId;
  brief: SessionBrief;
  log: FastifyBaseLogger;
  /** Instead of what is done about a silence otherwise. */
  silence?: SilenceLadder | undefined;
  /** false: somebody else supervises. */
  save: (saved: unknown, state: InterviewState) => Promise<boolean>;
  /** To the candidate's pages. */
  tell: (message: ServerMessage) => void;
  /** The interview is over; nothing more is said in it. */
  left: (reason: EndReason) => void;
  /** Another supervisor has done something in the call. */
  met: () => void;
  /** A save was refused: another supervisor has the call. */
  fenced: () => void;
}

/**
 * Conducts the interview in one call: turns what the candidate, the model and the clock do into decisions, and does
 * what was decided.
 */
export class Conductor {
  readonly #options: ConductorOptions;
  readonly #own = new OwnItems();
  readonly #interviewer: Interviewer;
  readonly #observer: Observer;
  readonly #director: Director;
  readonly #announcer: Announcer;
  readonly #guard: Guard;
  readonly #silence: SilenceWatch;
  #resumption: Resumption | null = null;
  /** Until then the supervisor before may still act, Unix time in milliseconds. */
  #inheritsUntil = 0;
  #left = false;
  /** In writing: the interviewer's last word waits for an answer, which nobody sees being typed. */
  #awaited = false;

  constructor(options: ConductorOptions) {
    this.#options = options;
    const { brief, save, fenced, log, tell } = options;
    const { plan } = brief.interview;
    this.#guard = new Guard({ ...options, isOfAnother: (id) => this.#own.isOfAnother(id) });
    this.#interviewer = new Interviewer((event) => this.#guard.send(event), {
      own: this.#own,
      gone: () => this.leave(),
      turnDetection: turnDetectionOf(brief.session.mode),
    });
    this.#director = new Director({
      plan,
      saved: brief.session.reducer,
      newKey: () => this.#own.newKey(),
      save,
      perform: (effect, key) => this.#perform(effect, key),
      fenced,
      log,
    });
    this.#observer = new Observer(() => this.#step(), Date.now());
    this.#silence = new SilenceWatch(options.silence ?? SILENCE_STEPS, (id) =>
      this.#interviewer.prompted(id),
    );
    this.#announcer = new Announcer({ plan, state: () => this.#director.state, tell });
  }

  /** Lets the model know what was said before, and speak first. `deadline`: Unix time, milliseconds. */
  async begin(deadline: number): Promise<void> {
    this.#interviewer.replay(replayItems(this.#options.brief.transcript));
    const { call } = this.#options;
    await this.#director.input({ now: Date.now(), type: 'began', deadline, call });
  }

  /** Goes on from what was saved last, with the call's own secret. Before anything else only. */
  restore(saved: unknown, secret: string): void {
    this.#own.signWith(secret);
    this.#director.restore(saved);
    this.#guard.begin(this.#director.state);
  }

  /** The talk began in this call, under whichever supervisor. */
  get begun(): boolean {
    return this.#director.state.began_in === this.#options.call;
  }

  /** Takes over a call in which another process may have died between saving what it decided and doing it. */
  takeUp(): void {
    this.#inheritsUntil = Date.now() + INHERITED_MS;
    const { paused_since: since, counted_until: before, end } = this.#director.state;
    if (end) this.#takeLeave(end.farewell);
    else if (since !== null) {
      this.#interviewer.cut();
      this.#interviewer.deafen();
    } else {
      // A pause may have ended that the call is still deaf from.
      if (before > 0) this.#interviewer.detect();
      this.#resume();
    }
  }

  /** Something happened in the call; `record` writes it down and returns what is known to be said now. */
  handle(
    event: RealtimeServerEvent,
    record: (event: RealtimeServerEvent, now: number) => Utterance[],
  ): void {
    const now = Date.now();
    // A page asks for an item that is not there to see whether the provider still answers.
    if (event.type === 'error' && event.code !== 'item_retrieve_invalid_item_id') {
      this.#options.log.info({ code: event.code }, 'the provider objects');
    }
    if (event.type === 'response.done' && event.response.status === 'failed') {
      this.#options.log.warn({ reason: event.response.reason }, 'a response failed');
    }
    if (event.type === 'conversation.item.added' && this.#own.isOfAnother(event.item.id)) {
      this.#options.met();
    }
    const foreign = this.#guard.handle(event, now);
    this.#interviewer.handle(event);
    this.#resumption?.handle(event);
    this.#silence.handle(event, now);
    if (event.type === 'input_audio_buffer.speech_started') void this.decide({ type: 'recovered' });
    // What a page says was not heard was heard all the same.
    if (foreign === 'truncation') return;
    const utterances = record(event, now);
    if (!this.#guard.isForeign(event)) this.#take(this.#observer.handle(event, now));
    if (event.type === 'input_audio_buffer.committed' && this.endReason === null) {
      // The supervisor before may not know yet that we have the call, and answer as well.
      this.#interviewer.answer(now < this.#inheritsUntil);
    }
    this.heard(utterances, now);
  }

  /** These utterances are final now. `now`: Unix time, milliseconds. */
  heard(utterances: readonly Utterance[], now: number): void {
    for (const input of utterances.flatMap((one) => this.#observer.heard(one, now))) {
      this.#input(input);
    }
    if (utterances.some(({ role }) => role === 'interviewer')) this.#awaited = true;
  }

  /** A page action. `done` only ends the turn; everything else is for the reducer. */
  async act(kind: 'done' | 'skip' | 'repeat' | 'withdraw' | 'end'): Promise<void> {
    this.#silence.broken();
    if (kind !== 'done') {
      await this.decide({ type: 'action', kind });
    } else if (this.speaking) this.#interviewer.endTurn();
  }

  /** A line that the candidate typed counts as spoken, and ends a pause. */
  async type(text: string): Promise<void> {
    this.#silence.broken();
    await this.decide({ type: 'unpause', silent: true });
    this.#awaited = false;
    this.#interviewer.type(text);
    const step = this.#step();
    const words = wordsOf(text).length;
    await this.decide({ type: 'spoke', step, ms: 0, words });
    if (this.endReason === null) this.#interviewer.answer();
  }

  /** Something happened outside the call; resolves when what follows from it was done. */
  async decide(happening: Happening): Promise<void> {
    await this.#director.input({ now: Date.now(), ...happening });
  }

  /** Time went on. `now`: Unix time, milliseconds. */
  tick(now: number): void {
    this.#input({ now, type: 'tick', speaking: this.speaking || this.#typing });
    this.#lookForSilence(now);
  }

  /** Tells everybody that the interview is over, once. */
  leave(): void {
    if (this.#left) return;
    this.#left = true;
    const reason = this.endReason ?? 'time_up';
    this.#announcer.end(reason);
    this.#options.left(reason);
  }

  /** After a gap in the events nobody can tell what ran, or who spoke. */
  back(): void {
    this.#interviewer.back((item) => this.#goOn(item));
    this.#observer.back(Date.now());
  }

  /** Decides and says nothing more; resolves when the last save has ended. */
  async stop(): Promise<void> {
    const saved = this.#director.stop();
    this.#resumption?.stop();
    this.#interviewer.stop();
    await saved;
  }

  /** True for items that nobody said: ours, and what somebody made in our name or the model's. */
  hides(itemId: string): boolean {
    return this.#interviewer.owns(itemId) || this.#guard.hides(itemId);
  }

  /** What the candidate's pages are told. */
  get announcer(): Announcer {
    return this.#announcer;
  }

  /** The candidate speaks. */
  get speaking(): boolean {
    return this.#observer.speaking;
  }

  /** When the candidate last spoke, Unix time in milliseconds. */
  get lastSpeech(): number {
    return this.#observer.lastSpeech;
  }

  /** As it stands now, Unix time in milliseconds; null before the clock runs. */
  get deadline(): number | null {
    return deadlineAt(this.#director.state, Date.now());
  }

  /** Why the interview ended; null while it runs. */
  get endReason(): EndReason | null {
    return this.#director.state.end?.reason ?? null;
  }

  /** Whoever writes may be in the middle of an answer. */
  get #typing(): boolean {
    const { phase } = this.#director.state;
    return this.#options.brief.session.mode === 'text' && this.#awaited && phase !== 'closing';
  }

  /** In writing nobody sees whether somebody is at it. */
  #lookForSilence(now: number): void {
    const { session, interview } = this.#options.brief;
    const { phase, paused_since: since, troubled_since: troubled } = this.#director.state;
    const waiting = session.mode === 'text' || phase === 'closing' || troubled !== null;
    const step = this.#silence.tick(now, { paused: since !== null, waiting });
    if (step === null) return;
    const task = promptFor(step, languageName(interview.language));
    if (task !== null) void this.#director.perform([{ type: 'prompt', task }]);
    else if (step === 'pause') void this.decide({ type: 'pause' });
    else void this.decide({ type: 'absent' });
  }

  /** Finds out what was left undone, and does it. */
  #resume(): void {
    const { plan } = this.#options.brief.interview;
    this.#resumption = new Resumption({
      send: (event) => this.#guard.send(event),
      decision: this.#director.decision,
      delivered: this.#director.state.delivered,
      own: this.#own,
      redo: () => void this.#director.redo(),
      toolCall: (item) => this.#take(this.#observer.take(item, Date.now())),
      answer: () => this.#interviewer.answer(true),
      sayAgain: () => this.#interviewer.say(wordsAgain(plan, this.#director.state), false),
    });
    this.#resumption.start();
    // Whatever was said before: from now on a silence is one.
    this.#silence.begins(Date.now());
  }

  /** After a gap in the events this stands last, or may not have been seen: whoever waits for an answer gets it. */
  #goOn(item: ConversationItem): void {
    const { kind, role, toolCallId, status } = item;
    if (kind === 'function_call' && toolCallId !== null && status === 'completed') {
      const fresh = this.#observer.take(item, Date.now());
      this.#take(fresh);
      if (fresh.length === 0) this.#interviewer.replyAgain(toolCallId);
    } else if (this.endReason === null && (role === 'user' || kind === 'function_call_output')) {
      this.#interviewer.answer(true);
    }
  }

  #take(noticed: (InterviewInput | StrangeToolCall)[]): void {
    for (const input of noticed) {
      if ('type' in input) this.#input(input);
      else this.#refuse(input.toolCall);
    }
  }

  #step(): string {
    return currentStep(this.#options.brief.interview.plan, this.#director.state);
  }

  #input(input: InterviewInput): void {
    void this.#director.input(input);
  }

  /** Nobody knows how much of the last words was heard: they are said from the beginning. */
  #takeLeave(farewell: string | null): void {
    if (farewell === null) {
      this.leave();
      return;
    }
    this.#interviewer.cut();
    this.#interviewer.say(farewell, true);
  }

  #refuse(toolCall: string): void {
    const output = { ok: false, code: 'invalid', current: this.#step() } as const;
    const reply = { type: 'reply', toolCall, output, speak: true, farewell: null } as const;
    void this.#director.perform([reply]);
  }

  #perform(effect: InterviewEffect, key: string): void {
    switch (effect.type) {
      case 'cut':
        this.#interviewer.cut();
        break;
      case 'commit':
        if (this.speaking) this.#interviewer.commit();
        break;
      case 'steer':
        this.#interviewer.steer(effect.text, key);
        break;
      case 'say':
        this.#interviewer.say(effect.text, effect.farewell);
        break;
      case 'prompt':
        this.#interviewer.prompt(effect.task);
        break;
      case 'reply':
        this.#interviewer.reply(effect, key);
        break;
      case 'deafen':
        this.#interviewer.deafen();
        break;
      case 'listen':
        this.#interviewer.listen();
        break;
      case 'progress':
        this.#announcer.progress();
        break;
      case 'time':
        this.#announcer.time();
        break;
      case 'leave':
        this.leave();
        break;
    }
  }
}
