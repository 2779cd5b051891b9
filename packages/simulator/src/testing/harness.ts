import { Conversation } from '../conversation/conversation.ts';
import type { Playback, Voice, WireEvent } from '../conversation/ports.ts';
import { newSession } from '../conversation/session.ts';
import { readParameters, SessionPatch } from '../conversation/session-schema.ts';
import { makeId } from '../ids.ts';
import { Scenario, ScenarioRun, type ScenarioInput } from '../scenario.ts';
import type { Timers } from '../timers.ts';

/** A clock that moves only when it is told to. */
export class ManualClock implements Timers {
  #now = 0;
  #due: { at: number; action: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, action: () => void): () => void {
    const entry = { at: this.#now + ms, action };
    this.#due.push(entry);
    return () => {
      this.#due = this.#due.filter((one) => one !== entry);
    };
  }

  /** Lets `ms` pass; whatever falls due runs in order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#due.filter((one) => one.at <= end).toSorted((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#due = this.#due.filter((one) => one !== next);
      this.#now = next.at;
      next.action();
    }
    this.#now = end;
  }
}

/** A voice of 10 characters a second that speaks by the manual clock; one text after the other. */
class ClockedVoice implements Voice {
  readonly #clock: ManualClock;
  #free = 0;

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  say(text: string, on: { started: () => void; ended: () => void }): Playback {
    const clock = this.#clock;
    const whole = text.length * 100;
    const begin = Math.max(clock.now(), this.#free);
    let length = whole;
    let stopped = false;
    const free = (at: number): void => {
      this.#free = at;
    };
    const heard = (): number => Math.max(0, Math.min(length, clock.now() - begin));
    const started = clock.after(begin - clock.now(), on.started);
    let ended = clock.after(begin + whole - clock.now(), on.ended);
    free(begin + whole);
    return {
      get heardMs() {
        return heard();
      },
      durationMs: whole,
      limit(share) {
        if (stopped) return;
        length = Math.max(heard(), Math.round(whole * share));
        ended();
        ended = clock.after(begin + length - clock.now(), on.ended);
        free(begin + length);
      },
      stop() {
        stopped = true;
        started();
        ended();
        free(clock.now());
        return heard();
      },
    };
  }
}

/** A conversation with a manual clock, and everything it sent. */
export class Harness {
  readonly clock = new ManualClock();
  readonly events: WireEvent[] = [];
  readonly conversation: Conversation;
  buffered = { bufferedMs: 0, speechMs: 0 };

  constructor(session: Record<string, unknown> = {}, scenario: ScenarioInput = {}) {
    const settings = Scenario.parse({ generation_speed: 10, ...scenario });
    const patch = readParameters(SessionPatch, { type: 'realtime', ...session }, 'session');
    const take = (): { bufferedMs: number; speechMs: number } => {
      const taken = this.buffered;
      this.buffered = { bufferedMs: 0, speechMs: 0 };
      return taken;
    };
    this.conversation = new Conversation(newSession(patch), {
      emit: (event) => this.events.push({ ...event, event_id: makeId('event') }),
      timers: this.clock,
      voice: new ClockedVoice(this.clock),
      ear: { clockMs: 0, take },
      nextTurn: new ScenarioRun(settings).nextCall().nextTurn,
      pace: {
        transcriptionDelayMs: settings.transcription_delay_ms,
        responseDelayMs: settings.response_delay_ms,
        generationSpeed: settings.generation_speed,
      },
    });
  }

  get types(): string[] {
    return this.events.map((event) => event.type);
  }

  send(event: Record<string, unknown>): void {
    this.conversation.receive(event);
  }

  /** Has the model say `text`, whatever else it would. */
  say(text: string): void {
    this.send({ type: 'response.create', response: { instructions: `Say exactly: ${text}` } });
  }

  /** The candidate speaks for a second. */
  turn(): void {
    const at = this.clock.now();
    this.conversation.speechStarted(at);
    this.clock.advance(1000);
    this.buffered = { bufferedMs: 1000, speechMs: 1000 };
    this.conversation.speechStopped(at + 1000);
  }

  /** Lets time pass until `type` was sent once more. */
  until(type: string): WireEvent {
    const from = this.events.length;
    for (let step = 0; step < 10_000; step += 1) {
      const found = this.events.slice(from).find((event) => event.type === type);
      if (found) return found;
      this.clock.advance(5);
    }
    throw new Error(`No ${type} came; seen: ${this.types.slice(from).join(', ')}`);
  }

  last(type: string): WireEvent {
    const found = this.events.findLast((event) => event.type === type);
    if (!found) throw new Error(`No ${type} was sent.`);
    return found;
  }
}
