import type { RealtimeClientEvent, RealtimeServerEvent } from '@interview/protocol';
import { Floor } from './floor.ts';
import { Requests } from './requests.ts';
import { isAnswer, isTurn, type WantedResponse } from './wanted-response.ts';
import { Wishes, type Wish } from './wishes.ts';

/**
 * One queue for responses: none is asked for while another runs, since the provider refuses that. One that somebody
 * else asked for in the same moment only delays ours. While the candidate speaks, or a tool has not answered, the
 * model's own words wait: they are asked for by us, and the provider would say them over the candidate's.
 */
export class ResponseQueue {
  readonly #floor = new Floor(() => queueMicrotask(() => this.#requests.advance()));
  readonly #wishes = new Wishes();
  readonly #requests: Requests;

  /** `idle`: what was wanted came to nothing, is not asked for again, and nothing else is wanted. */
  constructor(send: (event: RealtimeClientEvent) => void, idle: () => void) {
    this.#requests = new Requests({
      wishes: this.#wishes,
      floor: this.#floor,
      send,
      interrupted: (wanted) => this.#wantAfterTurn(wanted),
      idle,
    });
  }

  /** Wants a response as soon as none runs. Of several open wishes for the model's own words one is enough. */
  want(wanted: WantedResponse): void {
    if (this.#add(wanted)) this.#requests.advance();
  }

  /** The candidate's turn is over: an answer that was asked for and has not begun yet knows of it. */
  wantAnswer(unlessActive: boolean): void {
    const turn = this.#add({
      say: null,
      farewell: false,
      ...(unlessActive ? { unlessActive } : {}),
    });
    if (turn === null) return;
    this.#requests.cover(turn);
    this.#requests.advance();
  }

  /** Forgets what is not yet said, and stops what runs, whether we know of it or not. */
  cut(): void {
    this.#requests.cut();
  }

  /** Lets nobody begin to speak until `release`; what is wanted meanwhile is forgotten. */
  hold(): void {
    this.#floor.held = true;
  }

  release(): void {
    this.#floor.held = false;
  }

  /** A tool call has its output. What else follows from the same decision comes before what waited for it. */
  answered(toolCall: string): void {
    this.#floor.answered(toolCall);
  }

  /** What was wanted with a response, where we asked for it. */
  wantedBy(responseId: string): WantedResponse | null {
    return this.#wishes.of(responseId)?.wanted ?? null;
  }

  get active(): boolean {
    return this.#requests.active;
  }

  handle(event: RealtimeServerEvent): void {
    this.#floor.handle(event);
    this.#requests.handle(event);
    if (
      event.type === 'input_audio_buffer.committed' ||
      event.type === 'input_audio_buffer.cleared'
    )
      this.#requests.advance();
  }

  /** The candidate does not speak any more. */
  quiet(): void {
    this.#floor.quiet();
    this.#requests.advance();
  }

  /**
   * There was a gap in the events: nobody can tell what ran, or who spoke. Returns what forgets it, once it is known
   * what stands last in the conversation; `said`: something was said in the gap.
   */
  doubt(): (said: boolean) => void {
    this.#floor.quiet();
    return this.#requests.doubt();
  }

  stop(): void {
    this.#requests.stop();
    this.#floor.stop();
  }

  #add(wanted: WantedResponse): Wish | null {
    if (this.#floor.held || (wanted.unlessActive && this.active)) return null;
    // What is said about a silence is worth nothing later.
    if (wanted.task !== undefined && !this.#floor.allows(wanted)) return null;
    // These are the answer to whatever waits for one.
    if (wanted.farewell) this.#wishes.forget(this.#wishes.waiting(isTurn));
    else if (wanted.afterTurn) this.#wishes.forget(this.#wishes.waiting(isAnswer));
    return this.#wishes.add(wanted);
  }

  /** The candidate spoke on before it began. */
  #wantAfterTurn(wanted: WantedResponse): void {
    const { say, afterTurn } = wanted;
    if (afterTurn) this.#add({ say, farewell: false, afterTurn });
    else if (isAnswer(wanted)) this.#add({ say: null, farewell: false });
  }
}
