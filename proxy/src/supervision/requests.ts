import type {
  RealtimeClientEvent,
  RealtimeResponse,
  RealtimeServerEvent,
} from '@interview/protocol';
import type { Floor } from './floor.ts';
import { Marks } from './marks.ts';
import { cameToNothing, Retries } from './retries.ts';
import { isAnswer, isPatient, isTurn, wordsFor, type WantedResponse } from './wanted-response.ts';
import type { Wish, Wishes } from './wishes.ts';

/** When the provider says nothing of a response that was asked for, it is asked for again after this. */
const CREATED_DEADLINE_MS = 8_000;
/**
 * After a gap, what is not known to have arrived is asked for again after this, milliseconds. Our choice: what was kept
 * back while the channel was down arrives first, and shows itself.
 */
const DOUBT_MS = 500;
/** Bears the mark of a response that we asked for. */
export const METADATA_KEY = 'ivr';

export interface RequestsOptions {
  wishes: Wishes;
  floor: Floor;
  /** To the provider. */
  send: (event: RealtimeClientEvent) => void;
  /** The candidate spoke on before what was asked for began: it was stopped. */
  interrupted: (wanted: WantedResponse) => void;
  /** What was wanted came to nothing, is not asked for again, and nothing else is wanted. */
  idle: () => void;
}

/** Asks the provider for what is wanted, one by one, and finds out what became of it. */
export class Requests {
  readonly #options: RequestsOptions;
  readonly #wishes: Wishes;
  readonly #floor: Floor;
  readonly #marks: Marks;
  readonly #retries = new Retries();
  #watch: NodeJS.Timeout | undefined;
  /** Runs while something waits to be asked for again. */
  #rest: NodeJS.Timeout | undefined;

  constructor(options: RequestsOptions) {
    this.#options = options;
    this.#wishes = options.wishes;
    this.#floor = options.floor;
    this.#marks = new Marks(options.wishes);
  }

  /** Something is said, or was asked for. */
  get active(): boolean {
    return this.#marks.asked !== null || this.#floor.taken;
  }

  /** Asks for what is due next, where nothing is active. */
  advance(): void {
    if (this.active || this.#rest) return;
    const wish = this.#wishes.next((wanted) => this.#floor.allows(wanted));
    if (!wish) return;
    const nonce = this.#marks.ask(wish);
    this.#guard();
    this.#options.send({
      type: 'response.create',
      event_id: nonce,
      response: { metadata: { [METADATA_KEY]: nonce }, ...wordsFor(wish.wanted) },
    });
  }

  /** A turn has ended that what was asked for answers as well, unless that began before. */
  cover(turn: Wish): void {
    this.#marks.cover(turn);
  }

  /** Forgets what is not yet said, and stops what runs, whether we know of it or not. */
  cut(): void {
    this.#wishes.cut(this.#floor.active);
    if (this.#floor.active !== null) {
      this.#floor.cut();
      this.#guard();
    }
    this.#endRest();
    this.#options.send({ type: 'response.cancel' });
    this.#options.send({ type: 'output_audio_buffer.clear' });
  }

  handle(event: RealtimeServerEvent): void {
    this.#retries.handle(event, Date.now());
    if (event.type === 'response.created') this.#created(event.response);
    else if (event.type === 'response.done') this.#done(event.response);
    else if (event.type === 'error') this.#refused(event.clientEventId, event.code);
  }

  /**
   * There was a gap in the events: what ran before it may have ended in it. Returns what forgets that, once it is
   * known what stands last in the conversation; `said`: something was said in the gap.
   */
  doubt(): (said: boolean) => void {
    const { asked } = this.#marks;
    const { active } = this.#floor;
    return (said) => {
      if (asked !== null && this.#marks.asked === asked) {
        this.#marks.settle();
        asked.doubted = true;
        if (!said) this.#again(asked, DOUBT_MS);
      }
      if (this.#floor.active === active) this.#floor.free(null);
      this.advance();
    };
  }

  stop(): void {
    clearTimeout(this.#watch);
    this.#endRest();
  }

  #created({ id, metadata }: RealtimeResponse): void {
    this.#floor.take(id);
    if (this.#floor.held) this.cut();
    const nonce = metadata?.[METADATA_KEY];
    const wish = this.#wishes.marked(nonce);
    if (nonce === undefined) this.#marks.unmarked(id);
    else if (!wish) this.#others();
    else if (wish.state === 'open') this.#ours(id, nonce, wish);
    else {
      // It was cut off before it began, or is being said already.
      this.#marks.begun(id, nonce, wish);
      this.#options.send({ type: 'response.cancel', response_id: id });
    }
  }

  /** Somebody speaks: what was wanted only otherwise is not. */
  #others(): void {
    this.#wishes.forget(this.#wishes.waiting(({ unlessActive }) => unlessActive === true));
  }

  #ours(responseId: string, nonce: string, wish: Wish): void {
    const covers = this.#marks.begun(responseId, nonce, wish);
    if (this.#floor.listening && isPatient(wish.wanted)) {
      // The provider takes it for no interruption.
      this.#options.send({ type: 'response.cancel', response_id: responseId });
      this.#options.interrupted(wish.wanted);
    } else {
      this.#wishes.forget(covers);
      this.#others();
    }
  }

  #done(response: RealtimeResponse): void {
    const { id, reason, metadata } = response;
    const nonce = metadata?.[METADATA_KEY];
    const missed = this.#wishes.marked(nonce);
    if (nonce !== undefined && missed) {
      // It began in a gap.
      this.#wishes.forget(this.#marks.begun(id, nonce, missed));
      this.#others();
    }
    this.#floor.free(id);
    this.#marks.ended(id);
    const wish = this.#wishes.of(id);
    if (wish && cameToNothing(response)) this.#putBack(wish, reason);
    this.advance();
  }

  /** What came to nothing was not said; what does so again and again would do so for ever. */
  #putBack(wish: Wish, code: string | null): void {
    if (wish.state === 'cut') return;
    wish.failures += 1;
    const wait = this.#retries.after(wish.failures, code, Date.now());
    if (wait !== null) {
      // The silence of which it was to speak goes on by itself.
      if (wish.wanted.task === undefined) this.#again(wish, wait);
      return;
    }
    if (isTurn(wish.wanted)) this.#wishes.forget(this.#wishes.waiting(isAnswer));
    if (!this.active && this.#wishes.waiting().length === 0) this.#options.idle();
  }

  #again(wish: Wish, afterMs: number): void {
    if (this.#floor.held || wish.state === 'cut') return;
    this.#wishes.putBack(wish);
    this.#endRest();
    this.#rest = setTimeout(() => {
      this.#endRest();
      this.advance();
    }, afterMs).unref();
  }

  #endRest(): void {
    clearTimeout(this.#rest);
    this.#rest = undefined;
  }

  #refused(clientEventId: string | null, code: string | null): void {
    const wish = clientEventId === null ? null : this.#marks.refused(clientEventId);
    if (!wish) return;
    if (code === 'conversation_already_has_active_response') this.#conflict(wish);
    else this.#putBack(wish, code);
    this.advance();
  }

  #conflict(wish: Wish): void {
    // What runs may be this very wish: then its mark tells so when it is done.
    const untold = wish.doubted && !this.#marks.echoed;
    const wanted = wish.state === 'open' && !wish.wanted.unlessActive && !untold;
    if (wanted && !this.#floor.held) this.#wishes.putBack(wish);
    this.#floor.block();
    this.#guard();
  }

  /** A provider that says nothing does not hold up the interview for ever. */
  #guard(): void {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => {
      const silent = this.#marks.asked;
      if (this.#floor.runs) {
        // Somebody else speaks; what we asked for may be refused yet.
        if (silent) this.#guard();
        return;
      }
      this.#marks.settle();
      this.#floor.free(null);
      if (silent) {
        // It has cost the time of more than one failure.
        silent.failures += 1;
        this.#putBack(silent, null);
      }
      this.advance();
    }, CREATED_DEADLINE_MS).unref();
  }
}
