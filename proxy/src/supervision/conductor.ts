import type { CallId, EndReason, RealtimeServerEvent, ServerMessage } from '@interview/protocol';
import type { FastifyBaseLogger } from 'fastify';
import type { SessionBrief } from '../storage/port.ts';
import { Announcer } from './announcer.ts';
import { deadlineAt } from './clock.ts';
import { Director } from './director.ts';
import { Guard, type GuardOptions } from './guard.ts';
import type { Happening, InterviewInput } from './interview-events.ts';
import { currentStep, type InterviewState } from './interview-state.ts';
import { Interviewer } from './interviewer.ts';
import { logFailure } from './log-failure.ts';
import { Observer } from './observer.ts';
import { OwnItems } from './own-items.ts';
import { Patience } from './patience.ts';
import { perform } from './perform.ts';
import { replayItems } from './replay.ts';
import { Resumption } from './resumption.ts';
import type { SilenceLadder } from './silence.ts';
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
  /** Nobody is there: the call must be hung up, and the interview goes on when the candidate comes back. */
  absent: () => void;
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
 *
 * Longer than other files: it joins nine parts that do not know each other, and the order in which they hear of an
 * event is its whole matter.
 */
export class Conductor {
  readonly #options: ConductorOptions;
  readonly #own = new OwnItems();
  readonly #interviewer: Interviewer;
  readonly #observer: Observer;
  readonly #director: Director;
  readonly #announcer: Announcer;
  readonly #guard: Guard;
  readonly #patience: Patience;
  readonly #resumption: Resumption;
  #left = false;

  constructor(options: ConductorOptions) {
    this.#options = options;
    const { brief, save, fenced, log, tell } = options;
    const { plan } = brief.interview;
    this.#guard = new Guard({ ...options, isOfAnother: (id) => this.#own.isOfAnother(id) });
    this.#interviewer = new Interviewer((event) => this.#guard.send(event), {
      own: this.#own,
      gone: () => this.leave(),
      idle: () => this.#patience.begins(Date.now()),
      turnDetection: turnDetectionOf(brief.session.mode),
    });
    this.#director = new Director({
      plan,
      saved: brief.session.reducer,
      newKey: () => this.#own.newKey(),
      save,
      perform: (effect, key) => {
        perform(effect, key, {
          interviewer: this.#interviewer,
          announcer: this.#announcer,
          speaking: () => this.#observer.speaking,
          leave: () => this.leave(),
          hangUp: () => this.#hangUp(),
        });
      },
      fenced,
      log,
    });
    this.#observer = new Observer(() => this.#step(), Date.now());
    const { silence: ladder } = options;
    const parts = {
      director: this.#director,
      interviewer: this.#interviewer,
      observer: this.#observer,
    };
    this.#patience = new Patience({ ...parts, brief, ladder });
    this.#announcer = new Announcer({ plan, state: () => this.#director.state, tell });
    this.#resumption = new Resumption({
      ...parts,
      plan,
      own: this.#own,
      send: (event) => this.#guard.send(event),
      toolCall: (item) => this.#take(this.#observer.take(item, Date.now())),
      leave: () => this.leave(),
      hangUp: () => this.#hangUp(),
    });
  }

  /** Lets the model know what was said before, and speak first. `deadline`: Unix time, milliseconds. */
  async begin(deadline: number): Promise<void> {
    this.#interviewer.replay(replayItems(this.#options.brief.transcript));
    await this.decide({ type: 'began', deadline, call: this.#options.call });
  }

  /** Goes on from what was saved last, with the call's own secret. Before anything else only. */
  restore(saved: unknown, secret: string): void {
    this.#own.signWith(secret);
    this.#director.restore(saved);
    this.#guard.begin(this.#director.state);
    if (this.#options.adopted) this.#resumption.inherit(Date.now());
  }

  /** The talk began in this call, under whichever supervisor. */
  get begun(): boolean {
    return this.#director.state.began_in === this.#options.call;
  }

  /** Takes over a call in which another process may have died between saving what it decided and doing it. */
  takeUp(): void {
    // Whatever was said before: from now on a silence is one.
    if (this.#resumption.takeUp()) this.#patience.begins(Date.now());
  }

  /** Something happened in the call; `record` writes it down and returns what is known to be said now. */
  handle(
    event: RealtimeServerEvent,
    record: (event: RealtimeServerEvent, now: number) => Utterance[],
  ): void {
    const now = Date.now();
    logFailure(event, this.#options.log);
    if (event.type === 'conversation.item.added' && this.#own.isOfAnother(event.item.id)) {
      this.#options.met();
    }
    const foreign = this.#guard.handle(event, now);
    this.#interviewer.handle(event);
    this.#resumption.handle(event);
    if (event.type === 'input_audio_buffer.speech_started') void this.decide({ type: 'recovered' });
    // What a page says was not heard was heard all the same.
    if (foreign === 'truncation') return;
    const utterances = record(event, now);
    if (!this.#guard.isForeign(event)) this.#take(this.#observer.handle(event, now));
    this.#patience.handle(event, now);
    if (event.type === 'input_audio_buffer.committed' && this.endReason === null) {
      // The supervisor before may not know yet that we have the call, and answer as well.
      this.#interviewer.answerTurn(this.#resumption.inherits(now));
    }
    this.heard(utterances, now);
  }

  /** These utterances are final now. `now`: Unix time, milliseconds. */
  heard(utterances: readonly Utterance[], now: number): void {
    this.#take(utterances.flatMap((one) => this.#observer.heard(one, now)));
    this.#patience.heard(utterances);
  }

  /** A page action. `done` only ends the turn; everything else is for the reducer. */
  async act(kind: 'done' | 'skip' | 'repeat' | 'withdraw' | 'end'): Promise<void> {
    this.#patience.broken();
    if (kind !== 'done') {
      await this.decide({ type: 'action', kind, step: this.#step() });
    } else if (this.#observer.speaking) this.#interviewer.endTurn();
    // There was nothing to end: it is still the candidate's turn.
    else this.#patience.begins(Date.now());
  }

  /** A line that the candidate typed counts as spoken, and ends a pause. false: it was stopped before that. */
  async type(text: string): Promise<boolean> {
    this.#patience.typed();
    await this.decide({ type: 'unpause', silent: true });
    if (this.#director.stopped) return false;
    this.#interviewer.type(text);
    const step = this.#step();
    const words = wordsOf(text).length;
    await this.decide({ type: 'spoke', step, ms: 0, words });
    if (this.endReason === null) this.#interviewer.answer();
    return true;
  }

  /** Something happened outside the call; resolves when what follows from it was done. */
  async decide(happening: Happening): Promise<void> {
    await this.#director.input({ now: Date.now(), ...happening });
  }

  /** Time went on. `now`: Unix time, milliseconds. */
  tick(now: number): void {
    const speaking = this.#observer.speaking || this.#patience.typing;
    void this.#director.input({ now, type: 'tick', speaking });
    this.#patience.tick(now);
  }

  /** Tells everybody that the interview is over, once. */
  leave(): void {
    if (this.#left) return;
    this.#left = true;
    const reason = this.endReason ?? 'time_up';
    this.#announcer.end(reason);
    this.#options.left(reason);
  }

  /** The candidate's microphone is off, or on again: whoever can't be heard is not asked why they are silent. */
  mute(muted: boolean): void {
    this.#patience.muted = muted;
  }

  /** After a gap in the events nobody can tell what ran, or who spoke. */
  back(): void {
    this.#resumption.back();
    this.#observer.back(Date.now());
    // It is a silence until somebody is heard.
    this.#patience.begins(Date.now());
  }

  /** Decides and says nothing more; resolves when the last save has ended. */
  async stop(): Promise<void> {
    const saved = this.#director.stop();
    this.#resumption.stop();
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

  /** What is known of the candidate's speech. */
  get observer(): Observer {
    return this.#observer;
  }

  /** As it stands now, Unix time in milliseconds; null before the clock runs. */
  get deadline(): number | null {
    return deadlineAt(this.#director.state, Date.now());
  }

  /** Why the interview ended; null while it runs. */
  get endReason(): EndReason | null {
    return this.#director.state.end?.reason ?? null;
  }

  #hangUp(): void {
    this.#announcer.end('absent');
    this.#options.absent();
  }

  /** false: there was nothing to notice. */
  #take(noticed: InterviewInput[]): boolean {
    for (const input of noticed) void this.#director.input(input);
    return noticed.length > 0;
  }

  #step(): string {
    return currentStep(this.#options.brief.interview.plan, this.#director.state);
  }
}
