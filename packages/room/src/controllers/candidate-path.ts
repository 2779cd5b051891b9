import type { LitElement, ReactiveController } from 'lit';
import type { EndReason, InterviewSessionOptions } from '@interview/rtc';
import type { Remedy } from '../view-model.ts';
import type { ConsentChoices } from './consent-choices.ts';
import type { Late } from './late.ts';
import type { SessionController, SessionFactory } from './session-controller.ts';

/** What a room tells of the path through it. */
export interface PathHost extends LitElement {
  readonly sessionFactory: SessionFactory;
  /** Goes as far as it can without being asked. */
  readonly autoStart: boolean;
}

/**
 * The candidate's path from the link to the end: which step comes next, what must be answered before it, and what helps
 * where a step failed. Focus goes along to what has to be answered.
 */
export class CandidatePath implements ReactiveController {
  readonly #host: PathHost;
  readonly #control: SessionController;
  readonly #choices: ConsentChoices;
  readonly #late: Late;
  #opening: Promise<boolean> = Promise.resolve(false);
  #ending = false;

  constructor(host: PathHost, control: SessionController, choices: ConsentChoices, late: Late) {
    this.#host = host;
    this.#control = control;
    this.#choices = choices;
    this.#late = late;
    host.addController(this);
  }

  hostUpdate(): void {
    if (!this.#control.talking) this.#ending = false;
  }

  /** The candidate pressed End and is asked once more. */
  get ending(): boolean {
    return this.#ending;
  }

  /** Begins anew with another session, or with none while the page has not told enough to make one. */
  open(options: InterviewSessionOptions | null): void {
    this.#choices.clear();
    this.#ending = false;
    if (options === null) {
      this.#control.close();
      return;
    }
    this.#control.open(this.#host.sessionFactory, options);
    this.#opening = this.#control.look();
    if (this.#host.autoStart) void this.#autoStart();
  }

  /** From the first page to the check of the microphone. Call it in a user gesture. */
  async goOn(): Promise<boolean> {
    // What did not come while the page was read is asked for once more.
    void this.#late.fetch();
    return this.#mayGoOn() && this.#control.prepare();
  }

  /** From the check of the microphone into the talk, once its screens are there. */
  async begin(mode?: 'voice' | 'text'): Promise<void> {
    // Where they are, nothing is waited for: the browser still sees the gesture.
    if (this.#late.state !== 'there' && !(await this.#late.fetch())) return;
    const { about } = this.#control;
    if (about !== null) await this.#control.start(this.#choices.answers(about), mode);
  }

  /** From any page before the talk into the talk, in writing and without a microphone. */
  async type(): Promise<void> {
    if (this.#mayGoOn()) await this.begin('text');
  }

  /** All the way to the talk, or to the first screen that still needs an answer. */
  async start(): Promise<void> {
    await this.#host.updateComplete;
    await this.#opening;
    if (await this.goOn()) await this.begin();
  }

  async end(reason?: EndReason): Promise<void> {
    this.#ending = false;
    this.#host.requestUpdate();
    await this.#control.end(reason);
  }

  /** Asks whether the interview shall end, takes the question back, or ends it. */
  endStep(step: 'ask' | 'keep' | 'end'): void {
    if (step === 'end') void this.end();
    else this.#askToEnd(step === 'ask');
  }

  /** Escape takes the question back. */
  readonly onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && this.#ending) this.#askToEnd(false);
  };

  /** What the button of a trouble screen does. */
  remedy(remedy: Exclude<Remedy, null>): void {
    const control = this.#control;
    if (remedy === 'look') this.#opening = control.look();
    else if (remedy === 'fetch') void this.#late.fetch();
    else if (remedy === 'prepare') void control.prepare();
    else if (remedy === 'start') void control.restart();
    else void control.end();
  }

  #askToEnd(ask: boolean): void {
    this.#ending = ask;
    this.#host.requestUpdate();
    this.#focus(ask ? '.keep' : '.end');
  }

  async #autoStart(): Promise<void> {
    await this.#opening;
    const { about } = this.#control;
    if (about !== null && this.#choices.missing(about).length === 0) await this.start();
  }

  /** Required agreements are there; else shows which one is not. */
  #mayGoOn(): boolean {
    const { about } = this.#control;
    if (about === null) return false;
    const missing = this.#choices.missing(about)[0];
    this.#choices.asked = missing !== undefined;
    if (missing === undefined) return true;
    this.#control.toWelcome();
    this.#focus(`#consent-${missing.purpose}`);
    return false;
  }

  /** Focuses what the next rendering shows. */
  #focus(selector: string): void {
    void this.#host.updateComplete.then(() => {
      this.#host.renderRoot.querySelector<HTMLElement>(selector)?.focus();
    });
  }
}
