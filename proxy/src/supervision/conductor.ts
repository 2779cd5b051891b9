import type {
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
import { currentStep, restoreInterview, type InterviewState } from './interview-state.ts';
import { Interviewer } from './interviewer.ts';
import { Observer, type StrangeToolCall } from './observer.ts';
import { replayItems } from './replay.ts';
import { turnDetectionOf } from './turn-detection.ts';
import type { Utterance } from './utterance.ts';
import { wordsOf } from './words.ts';

export interface ConductorOptions extends Omit<GuardOptions, 'state'> {
  brief: SessionBrief;
  log: FastifyBaseLogger;
  /** false: somebody else supervises. */
  save: (state: InterviewState) => Promise<boolean>;
  /** To the candidate's pages. */
  tell: (message: ServerMessage) => void;
  /** The interview is over; nothing more is said in it. */
  left: (reason: EndReason) => void;
  /** A save was refused: another supervisor has the call. */
  fenced: () => void;
}

/**
 * Conducts the interview in one call: turns what the candidate, the model and the clock do into decisions, and does
 * what was decided.
 */
export class Conductor {
  readonly #options: ConductorOptions;
  readonly #interviewer: Interviewer;
  readonly #observer: Observer;
  readonly #director: Director;
  readonly #announcer: Announcer;
  readonly #guard: Guard;
  #left = false;
  /** In writing: the interviewer's last word waits for an answer, which nobody sees being typed. */
  #awaited = false;

  constructor(options: ConductorOptions) {
    this.#options = options;
    const { brief, save, fenced, log, tell } = options;
    const { plan } = brief.interview;
    const state = restoreInterview(brief.session.reducer);
    this.#guard = new Guard({ ...options, state });
    this.#interviewer = new Interviewer((event) => this.#guard.send(event), {
      gone: () => this.leave(),
      turnDetection: turnDetectionOf(brief.session.mode),
    });
    this.#director = new Director({
      plan,
      state,
      save,
      perform: (effect) => this.#perform(effect),
      fenced,
      log,
    });
    this.#observer = new Observer(() => this.#step(), Date.now());
    this.#announcer = new Announcer({ plan, state: () => this.#director.state, tell });
  }

  /** Lets the model know what was said before, and speak first. `deadline`: Unix time, milliseconds. */
  async begin(deadline: number): Promise<void> {
    this.#interviewer.replay(replayItems(this.#options.brief.transcript));
    await this.#director.input({ now: Date.now(), type: 'began', deadline });
  }

  /** Takes over a call in which another process may have died between saving a pause, or its end, and doing it. */
  takeUp(): void {
    const { paused_since: since, counted_until: before, end } = this.#director.state;
    if (end) this.#takeLeave(end.farewell);
    else if (since !== null) {
      this.#interviewer.cut();
      this.#interviewer.deafen();
    } else {
      if (before > 0) this.#interviewer.listen();
      this.#interviewer.back((item) => this.#goOn(item));
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
    const foreign = this.#guard.handle(event, now);
    this.#interviewer.handle(event);
    if (event.type === 'input_audio_buffer.speech_started') void this.decide({ type: 'recovered' });
    // What a page says was not heard was heard all the same.
    if (foreign === 'truncation') return;
    const utterances = record(event, now);
    if (!this.#guard.isForeign(event)) this.#take(this.#observer.handle(event, now));
    if (event.type === 'input_audio_buffer.committed' && this.endReason === null) {
      this.#interviewer.answer();
    }
    for (const input of utterances.flatMap((one) => this.#observer.heard(one, now))) {
      this.#input(input);
    }
    if (utterances.some(({ role }) => role === 'interviewer')) this.#awaited = true;
  }

  /** A page action. `done` only ends the turn; everything else is for the reducer. */
  async act(kind: 'done' | 'skip' | 'repeat' | 'withdraw' | 'end'): Promise<void> {
    if (kind !== 'done') {
      await this.decide({ type: 'action', kind });
    } else if (this.speaking) this.#interviewer.endTurn();
  }

  /** A line that the candidate typed counts as spoken, and ends a pause. */
  async type(text: string): Promise<void> {
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

  #step(): string {
    return currentStep(this.#options.brief.interview.plan, this.#director.state);
  }

  #input(input: InterviewInput): void {
    void this.#director.input(input);
  }

  #take(inputs: readonly (InterviewInput | StrangeToolCall)[]): void {
    for (const input of inputs) {
      if ('type' in input) this.#input(input);
      else this.#refuse(input.toolCall);
    }
  }

  /** After a gap in the events this stands last, or may not have been seen: whoever waits for an answer gets it. */
  #goOn(item: ConversationItem): void {
    const { kind, role, toolCallId, status } = item;
    if (kind === 'function_call' && toolCallId !== null && status === 'completed') {
      const fresh = this.#observer.take(item, Date.now());
      this.#take(fresh);
      if (fresh.length === 0) this.#interviewer.replyAgain(toolCallId);
    } else if (this.endReason === null && (role === 'user' || kind === 'function_call_output')) {
      this.#interviewer.answer({ unlessActive: true });
    }
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
    this.#interviewer.reply({ type: 'reply', toolCall, output, speak: true, farewell: null });
  }

  #perform(effect: InterviewEffect): void {
    switch (effect.type) {
      case 'cut':
        this.#interviewer.cut();
        break;
      case 'commit':
        if (this.speaking) this.#interviewer.commit();
        break;
      case 'steer':
        this.#interviewer.steer(effect.text);
        break;
      case 'say':
        this.#interviewer.say(effect.text, effect.farewell);
        break;
      case 'reply':
        this.#interviewer.reply(effect);
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
