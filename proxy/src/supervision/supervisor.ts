import type { EndReason, ServerMessage, WriterMarks } from '@interview/protocol';
import { ProxyError } from '../proxy-error.ts';
import { Attachment } from './attachment.ts';
import { latestDeadline } from './clock.ts';
import { Conductor } from './conductor.ts';
import { IntegrityLog } from './integrity-log.ts';
import type { InterviewState } from './interview-state.ts';
import type { Loss } from './lease.ts';
import type { SupervisionOptions } from './supervision.ts';
import { INHERITED_MS } from './tampering.ts';
import { Watch } from './watch.ts';

const ATTACH_MS = 5_000;

/**
 * Supervises one call on the server's own channel, from attaching to letting go: joins the hold on the call, the
 * conduct of the interview in it, and the watch over time and presence.
 *
 * Longer than other files: half of it are the doors of `Supervision`, which only ask whether the call is ours.
 */
export class Supervisor {
  readonly #options: SupervisionOptions;
  readonly #attachment: Attachment;
  readonly #conductor: Conductor;
  readonly #watch: Watch;
  readonly #integrity: IntegrityLog;
  #deadline: number | null = null;
  #attaching: Promise<void> = Promise.resolve();
  #begun = false;
  #fenced = false;
  /** Resolves when the rows of a call that is another's are stored. */
  #dropped: Promise<void> = Promise.resolve();
  #stopping: Promise<void> | null = null;
  /** Until then the supervisor before may still act, Unix time in milliseconds. */
  #inheritsUntil = 0;

  constructor(options: SupervisionOptions) {
    this.#options = options;
    const { brief, log, tell, left, lost, call, storage } = options;
    this.#integrity = new IntegrityLog({ session: brief.session.id, call: call.id, storage, log });
    this.#conductor = new Conductor({
      call: options.call.id,
      brief,
      session: options.session,
      adopted: options.adopted !== false,
      silence: options.silence,
      log,
      send: (event) => this.#attachment.send(event),
      save: (saved, state) => this.#save(saved, state),
      met: () => void this.#meet(),
      absent: () => lost('absent'),
      tell,
      left,
      fenced: () => this.#refused(),
      holds: () => this.#attachment.confirm(),
      reached: options.reached,
      tampered: ({ what, detail, undone }, enough) => {
        log.warn({ what, undone }, 'somebody changed the call');
        void this.#integrity.record('session_tampered', { what, ...detail, undone });
        if (enough && brief.tenant.tamper === 'enforce') lost('tampered');
      },
    });
    this.#attachment = this.#attachmentFor(this.#conductor);
    this.#watch = new Watch({
      present: options.present,
      speaking: () => this.#conductor.observer.speaking,
      lastSpeech: () => this.#conductor.observer.lastSpeech,
      deadline: () => this.#conductor.deadline,
      tick: (now) => this.#tick(now),
      time: () => this.#conductor.announcer.time(),
      absent: () => lost('absent'),
      overtime: () => this.#conductor.leave(),
    });
  }

  /** @throws {ProxyError} `supervision_unavailable` when it can't be had within 5 s; then the call must not go on */
  async attach(): Promise<void> {
    // A call of a process that died is free when its lease has lapsed.
    const waits = this.#options.adopted === 'when_free';
    this.#attaching = this.#attachment.open(waits ? 3 * ATTACH_MS : ATTACH_MS);
    await this.#attaching;
  }

  /** The candidate's media is there, for the first time or again. `deadline`: Unix time, milliseconds. */
  connected(deadline: number): void {
    if (this.#begun) void this.#conductor.decide({ type: 'recovered' });
    this.#deadline ??= deadline;
    this.#begin();
  }

  /**
   * A page action. `done` only ends the turn; everything else is for the reducer.
   *
   * @throws {ProxyError} `not_connected` before the call is supervised, or when another has it
   */
  async act(kind: 'done' | 'skip' | 'repeat' | 'withdraw' | 'end'): Promise<void> {
    await this.#beAttached();
    await this.#conductor.act(kind);
  }

  /**
   * A line that the candidate typed counts as spoken.
   *
   * @throws {ProxyError} as `act`; then the line is lost
   */
  async type(text: string): Promise<void> {
    await this.#beAttached();
    if (!(await this.#conductor.type(text))) throw notThere();
  }

  /**
   * Nobody speaks and nobody listens, and the clock stands, until `unpause`.
   *
   * @throws {ProxyError} `not_connected` before the talk began, `session_ended` once it is over
   */
  async pause(): Promise<void> {
    await this.#mustTalk();
    await this.#conductor.decide({ type: 'pause' });
  }

  /**
   * The candidate is back; without a pause nothing happens.
   *
   * @throws {ProxyError} as `pause`
   */
  async unpause(): Promise<void> {
    await this.#mustTalk();
    await this.#conductor.decide({ type: 'unpause', silent: false });
  }

  /** The candidate's media have been gone for `agoMs` milliseconds; the clock stands until they are back. */
  async trouble(agoMs: number): Promise<void> {
    if (!this.#attachment.attached) return;
    // Whoever was heard was there.
    const since = Math.max(Date.now() - agoMs, this.#conductor.observer.lastSpeech);
    await this.#conductor.decide({ type: 'trouble', since });
  }

  /** The candidate's microphone is off, or on again. */
  mute(muted: boolean): void {
    this.#conductor.mute(muted);
  }

  /** What a page that joins must know. */
  snapshot(): ServerMessage[] {
    return this.#conductor.announcer.snapshot();
  }

  /** Why the interview ended, as far as the server knows; null while it runs. */
  get endReason(): EndReason | null {
    return this.#conductor.endReason;
  }

  /** What fences this supervisor's writes; null before it has the call. */
  get epoch(): number | null {
    return this.#attachment.epoch;
  }

  /** The lease could not be renewed for so long that another process may have the call. */
  get lapsed(): boolean {
    return this.#attachment.lapsed;
  }

  /** Waits for the last words and stores everything; returns how far this writer has come. */
  async settle(): Promise<WriterMarks> {
    return this.#attachment.finish();
  }

  /** Lets go of the call without ending it. */
  stop(): Promise<void> {
    return (this.#stopping ??= this.#attachment.closed ? this.#giveUp() : this.#letGo());
  }

  async #letGo(): Promise<void> {
    this.#halt();
    if (!this.#attachment.attached) return;
    const stopping = [this.#conductor.stop(), this.#attachment.flush(), this.#integrity.stop()];
    await Promise.all(stopping);
    await this.#attachment.release();
  }

  /** The call was lost before, also where the lease has not told so yet. */
  async #giveUp(): Promise<void> {
    if (!this.#fenced) this.#drop();
    await Promise.all([this.#dropped, this.#integrity.stop()]);
  }

  #attachmentFor(conductor: Conductor): Attachment {
    const { call, brief, holder, storage, upstream, log, lost } = this.#options;
    return new Attachment({
      call,
      session: brief.session.id,
      holder,
      force: this.#options.adopted === 'by_force',
      storage,
      upstream,
      log,
      taken: ({ reducer, secret }) => {
        if (this.#options.adopted !== false) this.#inheritsUntil = Date.now() + INHERITED_MS;
        conductor.restore(reducer, secret);
      },
      hidden: (itemId) => conductor.hides(itemId),
      event: (event) => conductor.handle(event, (one, now) => this.#attachment.record(one, now)),
      opened: () => {
        this.#watch.start();
        this.#begin();
      },
      back: () => conductor.back(),
      lost: () => lost('upstream_closed'),
      fenced: (loss) => this.#fence(loss),
    });
  }

  #begin(): void {
    if (this.#begun || !this.#attachment.attached) return;
    if (this.#conductor.begun) {
      this.#begun = true;
      this.#conductor.takeUp();
      this.#conductor.announcer.everything();
    } else if (this.#deadline !== null) {
      this.#begun = true;
      void this.#talk(this.#deadline);
    }
  }

  async #talk(deadline: number): Promise<void> {
    await this.#conductor.begin(deadline);
    this.#conductor.announcer.everything();
  }

  async #save(saved: unknown, state: InterviewState): Promise<boolean> {
    const { storage, call } = this.#options;
    const { epoch } = this.#attachment;
    return epoch === null
      ? false
      : storage.saveReducer(call.id, epoch, {
          state: saved,
          phase: state.phase,
          deadline: latestDeadline(state),
        });
  }

  #tick(now: number): void {
    this.#conductor.heard(this.#attachment.settle(now), now);
    this.#conductor.tick(now);
  }

  /** Whoever can't tell who has the call leaves it to the other one; who came after a dead one may see its last deeds. */
  async #meet(): Promise<void> {
    if (Date.now() < this.#inheritsUntil) this.#attachment.ask();
    else if (!(await this.#attachment.prove()))
      this.#fence({ actor: null, closed: false, claimed: false });
  }

  /** A save was refused; the lease knows who has the call now. */
  #refused(): void {
    this.#halt();
    this.#attachment.ask();
  }

  #fence(loss: Loss): void {
    if (this.#fenced) return;
    this.#halt();
    this.#drop();
    this.#options.fenced(loss);
  }

  #drop(): void {
    this.#fenced = true;
    this.#dropped = this.#attachment.drop();
  }

  async #beAttached(): Promise<void> {
    await this.#attaching.catch(() => undefined);
    if (!this.#attachment.attached || this.#attachment.closed) throw notThere();
  }

  async #mustTalk(): Promise<void> {
    await this.#beAttached();
    if (!this.#begun) throw new ProxyError('not_connected', 'The interview has not begun yet.');
    if (this.endReason !== null) throw new ProxyError('session_ended', 'This interview is over.');
  }

  #halt(): void {
    this.#watch.stop();
    void this.#conductor.stop();
    this.#attachment.close();
  }
}

function notThere(): ProxyError {
  return new ProxyError('not_connected', 'The interviewer is not there yet. Try again shortly.');
}
