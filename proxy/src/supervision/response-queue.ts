import { randomUUID } from 'node:crypto';
import type {
  RealtimeClientEvent,
  RealtimeResponse,
  RealtimeServerEvent,
} from '@interview/protocol';
import { wordsFor, type WantedResponse } from './wanted-response.ts';

/** When the provider says nothing of a response that was asked for, the next is asked for after this. */
const CREATED_DEADLINE_MS = 8_000;
/** A response that failed at the provider is asked for once more after this, milliseconds. Our choice. */
const AGAIN_MS = 1_000;
export const METADATA_KEY = 'ivr';

interface Waiting extends WantedResponse {
  /** It failed once already. */
  again?: true;
}

interface Asked extends Waiting {
  nonce: string;
}

/**
 * One queue for responses: none is asked for while another runs, since the provider refuses that. One that somebody
 * else asked for in the same moment only delays ours. While the candidate speaks, the model's own words wait: they are
 * asked for by us, and the provider would say them over the candidate's.
 */
export class ResponseQueue {
  readonly #send: (event: RealtimeClientEvent) => void;
  readonly #waiting: Waiting[] = [];
  readonly #ours = new Map<string, Waiting>();
  /** Sent, and not yet known to have become a response. */
  #asked: Asked | null = null;
  /** Response without our mark that came next: ours, unless the provider says otherwise, or echoes marks. */
  #guess: string | null = null;
  #echoesMarks = false;
  #active: string | null = null;
  /** The provider says that one runs of which we have not heard. */
  #blocked = false;
  /** The candidate speaks. */
  #listening = false;
  /** Nobody shall speak: nothing is asked for, and what the provider begins is stopped. */
  #held = false;
  #watch: NodeJS.Timeout | undefined;
  /** Runs while a response that failed waits for its second try. */
  #rest: NodeJS.Timeout | undefined;

  constructor(send: (event: RealtimeClientEvent) => void) {
    this.#send = send;
  }

  /** Wants a response as soon as none runs. Of several open wishes for the model's own words one is enough. */
  want(wanted: WantedResponse): void {
    if (this.#held || (wanted.unlessActive && this.active)) return;
    if (wanted.say === null && this.#waiting.some(isAnswer)) return;
    this.#waiting.push(wanted);
    this.#advance();
  }

  /** Forgets what is not yet asked for, and stops what runs. */
  cut(): void {
    this.#waiting.length = 0;
    this.#endRest();
    if (this.active) this.#send({ type: 'response.cancel' });
    this.#send({ type: 'output_audio_buffer.clear' });
  }

  /** Lets nobody begin to speak until `release`; what is wanted meanwhile is forgotten. */
  hold(): void {
    this.#held = true;
  }

  release(): void {
    this.#held = false;
  }

  /** What was wanted with a response, where we asked for it. */
  wantedBy(responseId: string): WantedResponse | null {
    return this.#ours.get(responseId) ?? null;
  }

  get active(): boolean {
    return this.#asked !== null || this.#active !== null || this.#blocked;
  }

  handle(event: RealtimeServerEvent): void {
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
      case 'input_audio_buffer.speech_started':
        this.#listening = true;
        break;
      case 'input_audio_buffer.speech_stopped':
      case 'input_audio_buffer.committed':
      case 'input_audio_buffer.cleared':
        this.quiet();
        break;
      default:
        break;
    }
  }

  /** The candidate does not speak any more. */
  quiet(): void {
    this.#listening = false;
    this.#advance();
  }

  /**
   * There was a gap in the events: what ran before it may have ended in it. Returns what forgets that, once it is
   * known what stands last in the conversation; `said`: something was said in the gap.
   */
  doubt(): (said: boolean) => void {
    const asked = this.#asked;
    const active = this.#active;
    this.#listening = false;
    return (said) => {
      if (asked !== null && this.#asked === asked) {
        this.#settle();
        if (!said && !this.#held) this.#waiting.unshift(asked);
      }
      if (this.#active === active) this.#active = null;
      this.#blocked = false;
      this.#advance();
    };
  }

  stop(): void {
    clearTimeout(this.#watch);
    this.#endRest();
    this.#waiting.length = 0;
    this.#blocked = true;
  }

  #created(response: { id: string; metadata: Record<string, string> | null }): void {
    this.#active = response.id;
    this.#blocked = false;
    if (this.#held) this.cut();
    if (!this.#asked) return;
    const early = this.#listening && this.#asked.say === null ? this.#asked : null;
    const nonce = response.metadata?.[METADATA_KEY];
    if (nonce === this.#asked.nonce) {
      this.#echoesMarks = true;
      if (this.#guess !== null) this.#ours.delete(this.#guess);
      this.#ours.set(response.id, this.#asked);
      this.#settle();
      if (early) this.#interrupt(response.id, early);
    } else if (nonce === undefined && this.#guess === null && !this.#echoesMarks) {
      this.#guess = response.id;
      this.#ours.set(response.id, this.#asked);
    }
  }

  /** The candidate spoke on before it began, which the provider takes for no interruption. */
  #interrupt(responseId: string, early: Waiting): void {
    this.#send({ type: 'response.cancel', response_id: responseId });
    if (isAnswer(early) && !this.#waiting.some(isAnswer))
      this.#waiting.push({ say: null, farewell: false });
  }

  #done({ id: responseId, status }: RealtimeResponse): void {
    if (this.#active !== null && this.#active !== responseId) return;
    this.#active = null;
    this.#blocked = false;
    if (this.#guess === responseId) this.#settle();
    if (status === 'failed') this.#putBack(responseId);
    this.#advance();
  }

  /** What failed was not said; what fails twice would fail for ever. */
  #putBack(responseId: string): void {
    const failed = this.#ours.get(responseId);
    if (!failed || failed.again || this.#held) return;
    this.#waiting.unshift({ ...failed, again: true });
    this.#rest = setTimeout(() => {
      this.#endRest();
      this.#advance();
    }, AGAIN_MS).unref();
  }

  #endRest(): void {
    clearTimeout(this.#rest);
    this.#rest = undefined;
  }

  #refused(clientEventId: string | null, code: string | null): void {
    const asked = this.#asked;
    if (asked === null || clientEventId !== asked.nonce) return;
    if (this.#guess !== null) this.#ours.delete(this.#guess);
    this.#settle();
    if (code === 'conversation_already_has_active_response') {
      if (!this.#held && !asked.unlessActive) this.#waiting.unshift(asked);
      if (this.#active === null) {
        this.#blocked = true;
        this.#guard();
      }
    }
    this.#advance();
  }

  #advance(): void {
    if (this.active || this.#rest) return;
    const at = this.#waiting.findIndex((one) => !this.#listening || one.say !== null);
    const [next] = at === -1 ? [] : this.#waiting.splice(at, 1);
    if (!next) return;
    const asked: Asked = { ...next, nonce: randomUUID() };
    this.#asked = asked;
    this.#guard();
    this.#send({
      type: 'response.create',
      event_id: asked.nonce,
      response: { metadata: { [METADATA_KEY]: asked.nonce }, ...wordsFor(asked) },
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
      if (this.#active !== null) return;
      this.#settle();
      this.#blocked = false;
      this.#advance();
    }, CREATED_DEADLINE_MS).unref();
  }
}

/** The model's own turn. */
function isAnswer({ say, task }: WantedResponse): boolean {
  return say === null && task === undefined;
}
