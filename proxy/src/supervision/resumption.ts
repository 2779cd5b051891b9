import {
  OWN_ITEM_PREFIX,
  type ConversationItem,
  type RealtimeClientEvent,
  type RealtimeServerEvent,
} from '@interview/protocol';
import type { Decision } from './director.ts';
import { hintOf, type OwnItems } from './own-items.ts';

/**
 * A response that was asked for before we came shows itself within this, milliseconds. Our choice: longer than a model
 * takes for its first sound, short enough not to be dead air.
 */
const QUIET_MS = 2_500;

export interface ResumptionOptions {
  send: (event: RealtimeClientEvent) => void;
  /** What was decided last. */
  decision: Decision | null;
  /** The current question was heard. */
  delivered: boolean;
  own: OwnItems;
  /** It was not done: do it. */
  redo: () => void;
  /** The model called a tool, and nobody answered. */
  toolCall: (item: ConversationItem) => void;
  /** Nobody has answered the candidate: let the model speak in its own words. */
  answer: () => void;
  /** Nobody has said the current words. */
  sayAgain: () => void;
}

/**
 * Finds out what a supervisor that died left undone, by asking the provider: whether what was decided last has become
 * part of the conversation, and what its last item is. That is the truth, whatever was saved or heard of it.
 */
export class Resumption {
  readonly #options: ResumptionOptions;
  /** An item of ours, whose predecessor is the last item of the conversation. */
  readonly #probe: string;
  readonly #hint: string | null;
  #tail: string | null = null;
  /** Somebody speaks, or is about to. */
  #alive = false;
  #owed: (() => void) | null = null;
  #quiet: NodeJS.Timeout | undefined;
  #waited = false;
  #again = false;

  constructor(options: ResumptionOptions) {
    this.#options = options;
    this.#probe = options.own.newId();
    const { decision } = options;
    const hinted = decision?.effects.some(({ type }) => type === 'steer') ?? false;
    this.#hint = hinted && decision ? hintOf(decision.key) : null;
  }

  start(): void {
    this.#quiet = setTimeout(() => {
      this.#waited = true;
      this.#settle();
    }, QUIET_MS).unref();
    if (this.#hint !== null) this.#retrieve(this.#hint);
    else this.#askForTail();
  }

  handle(event: RealtimeServerEvent): void {
    switch (event.type) {
      case 'response.created':
      case 'response.output_item.added':
      case 'output_audio_buffer.started':
      case 'input_audio_buffer.speech_started':
        this.#alive = true;
        break;
      case 'error':
        // The hint never came to the provider, so nothing of the decision did.
        if (this.#hint !== null && event.clientEventId === this.#hint) this.#options.redo();
        break;
      case 'conversation.item.added':
      case 'conversation.item.created':
        if (event.item.id === this.#probe) this.#found(event.previousItemId ?? null);
        break;
      case 'conversation.item.retrieved':
        if (event.item.id === this.#tail) this.#judge(event.item);
        else if (event.item.id === this.#hint) this.#askForTail();
        break;
    }
  }

  stop(): void {
    clearTimeout(this.#quiet);
    this.#owed = null;
    this.#alive = true;
  }

  #askForTail(): void {
    const text = 'Another server goes on with this conversation.';
    this.#options.own.add(this.#probe);
    this.#options.send({
      type: 'conversation.item.create',
      item: {
        id: this.#probe,
        type: 'message',
        role: 'system',
        content: [{ type: 'input_text', text }],
      },
    });
  }

  #found(previous: string | null): void {
    if (this.#tail !== null) return;
    this.#options.send({ type: 'conversation.item.delete', item_id: this.#probe });
    if (previous === null) {
      this.#owe(() => this.#beginAgain());
      return;
    }
    this.#tail = previous;
    this.#retrieve(previous);
  }

  #judge(item: ConversationItem): void {
    const { decision, redo, toolCall, answer, sayAgain } = this.#options;
    if (item.kind === 'function_call' && item.status === 'in_progress') {
      // Its end is told, and noticed like any other; unless that was before we came.
      this.#owe(() => this.#lookAgain(item.id));
    } else if (item.kind === 'function_call' && item.status === 'incomplete') {
      this.#owe(answer);
    } else if (item.kind === 'function_call') {
      const answered = decision?.effects.some(
        (effect) => effect.type === 'reply' && effect.toolCall === item.toolCallId,
      );
      if (answered) redo();
      else toolCall(item);
    } else if (item.id.startsWith(OWN_ITEM_PREFIX.replay)) {
      this.#owe(() => this.#beginAgain());
    } else if (item.role === 'user' || item.kind === 'function_call_output') {
      this.#owe(answer);
    } else if (item.role === 'system' && this.#wantsWords(item.id)) {
      this.#owe(sayAgain);
    }
  }

  /** Behind a hint the words are due that were decided with it, or those of a step that nobody has heard yet. */
  #wantsWords(itemId: string): boolean {
    const { decision, delivered } = this.#options;
    const decided = decision?.effects.some(({ type }) => type === 'say') ?? false;
    return !delivered || (itemId === this.#hint && decided);
  }

  /** Once: what is still not done then is left to whoever looks after silences. */
  #lookAgain(itemId: string): void {
    if (!this.#again) this.#retrieve(itemId);
    this.#again = true;
  }

  /** Nothing was said in this call. */
  #beginAgain(): void {
    const { decision, redo, sayAgain } = this.#options;
    if (decision?.effects.some(({ type }) => type === 'say')) redo();
    else sayAgain();
  }

  #owe(debt: () => void): void {
    this.#owed = debt;
    this.#settle();
  }

  #settle(): void {
    if (!this.#waited || this.#alive) return;
    this.#owed?.();
    this.#owed = null;
  }

  #retrieve(itemId: string): void {
    this.#options.send({ type: 'conversation.item.retrieve', event_id: itemId, item_id: itemId });
  }
}
