import { randomUUID } from 'node:crypto';
import type {
  RealtimeClientEvent,
  RealtimeResponse,
  RealtimeServerEvent,
} from '@interview/protocol';
import { Floor } from './floor.ts';
import { cameToNothing, Retries } from './retries.ts';
import { isAnswer, isPatient, isTurn, wordsFor, type WantedResponse } from './wanted-response.ts';
import { Wishes, type Wish } from './wishes.ts';

/** When the provider says nothing of a response that was asked for, it is asked for again after this. */
const CREATED_DEADLINE_MS = 8_000;
/**
 * After a gap, what is not known to have arrived is asked for again after this, milliseconds. Our choice: what was kept
 * back while the channel was down arrives first, and shows itself.
 */
const DOUBT_MS = 500;
export const METADATA_KEY = 'ivr';

interface Asked {
  readonly nonce: string;
  readonly wish: Wish;
  /** Answers that were wanted before it began, and that it is as well. */
  readonly covers: Set<Wish>;
}

/**
 * One queue for responses: none is asked for while another runs, since the provider refuses that. One that somebody
 * else asked for in the same moment only delays ours. While the candidate speaks, or a tool has not answered, the
 * model's own words wait: they are asked for by us, and the provider would say them over the candidate's.
 */
export class ResponseQueue {
  readonly #send: (event: RealtimeClientEvent) => void;
  readonly #idle: () => void;
  readonly #retries = new Retries();
  readonly #floor = new Floor(() => queueMicrotask(() => this.#advance()));
  readonly #wishes = new Wishes();
  /** Sent last, and not yet known to have become a response. */
  #asked: Asked | null = null;
  /** Response without our mark that came next: ours, unless the provider says otherwise, or echoes marks. */
  #guess: string | null = null;
  #echoesMarks = false;
  /** Nobody shall speak: nothing is asked for, and what the provider begins is stopped. */
  #held = false;
  #watch: NodeJS.Timeout | undefined;
  /** Runs while something waits to be asked for again. */
  #rest: NodeJS.Timeout | undefined;

  /** `idle`: what was wanted came to nothing, is not asked for again, and nothing else is wanted. */
  constructor(send: (event: RealtimeClientEvent) => void, idle: () => void) {
    this.#send = send;
    this.#idle = idle;
  }

  /** Wants a response as soon as none runs. Of several open wishes for the model's own words one is enough. */
  want(wanted: WantedResponse): void {
    if (this.#add(wanted)) this.#advance();
  }

  /** The candidate's turn is over: an answer that was asked for and has not begun yet knows of it. */
  wantAnswer(unlessActive: boolean): void {
    const turn = this.#add({
      say: null,
      farewell: false,
      ...(unlessActive ? { unlessActive } : {}),
    });
    if (turn === null) return;
    if (this.#asked && this.#guess === null && isTurn(this.#asked.wish.wanted))
      this.#asked.covers.add(turn);
    this.#advance();
  }

  /** Forgets what is not yet said, and stops what runs, whether we know of it or not. */
  cut(): void {
    this.#wishes.cut(this.#floor.active);
    if (this.#floor.active !== null) {
      this.#floor.cut();
      this.#guard();
    }
    this.#endRest();
    this.#send({ type: 'response.cancel' });
    this.#send({ type: 'output_audio_buffer.clear' });
  }

  /** Lets nobody begin to speak until `release`; what is wanted meanwhile is forgotten. */
  hold(): void {
    this.#held = true;
  }

  release(): void {
    this.#held = false;
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
    return this.#asked !== null || this.#floor.taken;
  }

  handle(event: RealtimeServerEvent): void {
    this.#retries.handle(event, Date.now());
    this.#floor.handle(event);
    switch (event.type) {
      case 'response.created':
        this.#created(event.response);
        break;
      case 'response.done':
        this.#done(event.response);
        break;
      case 'error':
        this.#refused(event.clientEventId, event.code);
        break;
      case 'input_audio_buffer.committed':
      case 'input_audio_buffer.cleared':
        this.#advance();
        break;
      default:
        break;
    }
  }

  /** The candidate does not speak any more. */
  quiet(): void {
    this.#floor.quiet();
    this.#advance();
  }

  /**
   * There was a gap in the events: what ran before it may have ended in it. Returns what forgets that, once it is
   * known what stands last in the conversation; `said`: something was said in the gap.
   */
  doubt(): (said: boolean) => void {
    const asked = this.#asked;
    const { active } = this.#floor;
    this.#floor.quiet();
    return (said) => {
      if (asked !== null && this.#asked === asked) {
        this.#settle();
        asked.wish.doubted = true;
        if (!said) this.#again(asked.wish, DOUBT_MS);
      }
      if (this.#floor.active === active) this.#floor.free(null);
      this.#advance();
    };
  }

  stop(): void {
    clearTimeout(this.#watch);
    this.#endRest();
    this.#floor.stop();
    this.#wishes.cut(null);
  }

  #add(wanted: WantedResponse): Wish | null {
    if (this.#held || (wanted.unlessActive && this.active)) return null;
    // What is said about a silence is worth nothing later.
    if (wanted.task !== undefined && (this.#rest || !this.#floor.allows(wanted))) return null;
    // These are the answer to whatever waits for one.
    if (wanted.farewell) this.#wishes.forget(this.#wishes.waiting(isTurn));
    else if (wanted.afterTurn) this.#wishes.forget(this.#wishes.waiting(isAnswer));
    return this.#wishes.add(wanted);
  }

  #created({ id, metadata }: RealtimeResponse): void {
    this.#floor.take(id);
    if (this.#held) this.cut();
    const nonce = metadata?.[METADATA_KEY];
    const wish = this.#wishes.marked(nonce);
    if (nonce === undefined) this.#mayBe(id);
    else if (!wish) this.#others();
    else if (wish.state === 'open') this.#ours(id, nonce, wish);
    else {
      // It was cut off before it began, or is being said already.
      this.#begun(id, nonce, wish);
      this.#send({ type: 'response.cancel', response_id: id });
    }
  }

  #mayBe(responseId: string): void {
    if (this.#asked === null || this.#guess !== null || this.#echoesMarks) return;
    this.#guess = responseId;
    this.#wishes.assign(responseId, this.#asked.wish);
  }

  /** Somebody speaks: what was wanted only otherwise is not. */
  #others(): void {
    this.#wishes.forget(this.#wishes.waiting(({ unlessActive }) => unlessActive === true));
  }

  #ours(responseId: string, nonce: string, wish: Wish): void {
    const covers = this.#begun(responseId, nonce, wish);
    if (this.#floor.listening && isPatient(wish.wanted)) this.#interrupt(responseId, wish.wanted);
    else {
      this.#wishes.forget(covers);
      this.#others();
    }
  }

  /** Returns the answers that it is as well. */
  #begun(responseId: string, nonce: string, wish: Wish): Iterable<Wish> {
    // An older mark of a wish was sent before what came since.
    const covers = this.#asked?.nonce === nonce ? this.#asked.covers : [];
    this.#echoesMarks = true;
    this.#wishes.unmark(nonce);
    if (this.#guess !== responseId) this.#wishes.unassign(this.#guess);
    this.#wishes.assign(responseId, wish);
    this.#wishes.begin(wish);
    if (this.#asked?.wish === wish) this.#settle();
    return covers;
  }

  /** The candidate spoke on before it began, which the provider takes for no interruption. */
  #interrupt(responseId: string, wanted: WantedResponse): void {
    this.#send({ type: 'response.cancel', response_id: responseId });
    const { say, afterTurn } = wanted;
    if (afterTurn) this.#add({ say, farewell: false, afterTurn });
    else if (isAnswer(wanted) && this.#wishes.waiting(isTurn).length === 0)
      this.#add({ say: null, farewell: false });
  }

  #done(response: RealtimeResponse): void {
    const { id, reason, metadata } = response;
    const nonce = metadata?.[METADATA_KEY];
    const missed = this.#wishes.marked(nonce);
    if (nonce !== undefined && missed) {
      // It began in a gap.
      this.#wishes.forget(this.#begun(id, nonce, missed));
      this.#others();
    }
    if (!this.#floor.free(id)) return;
    if (this.#asked && this.#guess === id) {
      this.#wishes.unmark(this.#asked.nonce);
      this.#wishes.begin(this.#asked.wish);
      this.#wishes.forget(this.#asked.covers);
      this.#settle();
    }
    const wish = this.#wishes.of(id);
    if (wish && cameToNothing(response)) this.#putBack(wish, reason);
    this.#advance();
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
    this.#advance();
    if (!this.active && this.#wishes.waiting().length === 0) this.#idle();
  }

  #again(wish: Wish, afterMs: number): void {
    if (this.#held || wish.state === 'cut') return;
    this.#wishes.putBack(wish);
    this.#endRest();
    this.#rest = setTimeout(() => {
      this.#endRest();
      this.#advance();
    }, afterMs).unref();
  }

  #endRest(): void {
    clearTimeout(this.#rest);
    this.#rest = undefined;
  }

  #refused(clientEventId: string | null, code: string | null): void {
    const wish = this.#wishes.marked(clientEventId ?? undefined);
    if (clientEventId === null || !wish) return;
    this.#wishes.unmark(clientEventId);
    // Asked for again since, or begun under another mark.
    if (this.#asked?.nonce !== clientEventId) return;
    this.#wishes.unassign(this.#guess);
    this.#settle();
    if (code === 'conversation_already_has_active_response') this.#conflict(wish);
    else this.#putBack(wish, code);
    this.#advance();
  }

  #conflict(wish: Wish): void {
    // What runs may be this very wish: then its mark tells so when it is done.
    const untold = wish.doubted && !this.#echoesMarks;
    const wanted = wish.state === 'open' && !wish.wanted.unlessActive && !untold;
    if (wanted && !this.#held) this.#wishes.putBack(wish);
    if (this.#floor.active !== null) return;
    this.#floor.block();
    this.#guard();
  }

  #advance(): void {
    if (this.active || this.#rest) return;
    const wish = this.#wishes.next((wanted) => this.#floor.allows(wanted));
    if (!wish) return;
    const nonce = randomUUID();
    const covers = new Set(isTurn(wish.wanted) ? this.#wishes.waiting(isAnswer) : []);
    this.#asked = { nonce, wish, covers };
    this.#wishes.mark(nonce, wish);
    this.#guard();
    this.#send({
      type: 'response.create',
      event_id: nonce,
      response: { metadata: { [METADATA_KEY]: nonce }, ...wordsFor(wish.wanted) },
    });
  }

  #settle(): void {
    clearTimeout(this.#watch);
    this.#asked = null;
    this.#guess = null;
  }

  /** A provider that says nothing does not hold up the interview for ever. */
  #guard(): void {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => {
      const silent = this.#asked?.wish;
      if (this.#floor.runs) {
        // Somebody else speaks; what we asked for may be refused yet.
        if (silent) this.#guard();
        return;
      }
      this.#settle();
      this.#floor.free(null);
      if (silent) {
        // It has cost the time of more than one failure.
        silent.failures += 1;
        this.#putBack(silent, null);
      }
      this.#advance();
    }, CREATED_DEADLINE_MS).unref();
  }
}
