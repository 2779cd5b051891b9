import { decide } from '../brain.ts';
import { RequestError } from '../request-error.ts';
import type { Chain } from './chain.ts';
import { Generation, type GenerationHost } from './generation.ts';
import type { NewItem, ResponseParameters } from './client-events.ts';
import type { Item, ReplyItem } from './items.ts';
import type { ConversationPorts, Playback } from './ports.ts';
import type { Session } from './session.ts';

/** What the responses need of the conversation around them. */
export interface ResponsesHost {
  readonly ports: ConversationPorts;
  readonly chain: Chain;
  readonly conversationId: string;
  session(): Session;
  /** Makes an internal item of one that a client wrote. */
  makeItem(item: NewItem): Item;
}

interface Sounding {
  responseId: string;
  item: ReplyItem;
  playback: Playback;
  started: boolean;
}

/** Responses one after the other, and the sound that outlives each. */
export class Responses {
  readonly #host: ResponsesHost;
  #active: Generation | null = null;
  #sounding: Sounding[] = [];
  #playbacks = new Map<string, Playback>();
  #wanted: number | null = null;

  constructor(host: ResponsesHost) {
    this.#host = host;
  }

  /** True once the voice was heard: it can't be changed any more. */
  get hasSpoken(): boolean {
    return this.#playbacks.size > 0;
  }

  /**
   * A client asks for a response.
   *
   * @throws RequestError `conversation_already_has_active_response`
   */
  create(parameters: ResponseParameters = {}): void {
    if (this.#active) {
      throw new RequestError(
        'conversation_already_has_active_response',
        `Conversation already has an active response in progress: ${this.#active.id}. ` +
          'Wait until the response is finished before creating a new one.',
      );
    }
    this.#begin(parameters, this.#host.ports.pace.responseDelayMs);
  }

  /** Turn detection asks for one: it waits for its turn instead of failing. */
  createForTurn(delayMs: number): void {
    if (this.#active) this.#wanted = delayMs;
    else this.#begin({}, delayMs);
  }

  /**
   * A client cancels; what was generated plays on until it is cleared.
   *
   * @throws RequestError `response_cancel_not_active`
   */
  cancel(responseId: string | undefined): void {
    if (!this.#active || (responseId !== undefined && responseId !== this.#active.id)) {
      throw new RequestError(
        'response_cancel_not_active',
        'Cancellation failed: no active response found.',
      );
    }
    this.#active.cancel('client_cancelled');
  }

  /** The candidate speaks: everything stops, in the order in which the provider tells it. */
  interrupt(): void {
    const cut = this.#silence();
    this.#wanted = null;
    const unheard = this.#active?.cancel('turn_detected');
    if (unheard) cut.push({ item: unheard, heardMs: 0 });
    for (const { item, heardMs } of cut) this.#truncate(item, heardMs);
  }

  /** A client clears the output. */
  clear(): void {
    for (const { item, heardMs } of this.#silence()) this.#truncate(item, heardMs);
  }

  /** Length of what was said for an item, milliseconds; null where nothing was or it is not known. */
  durationOf(itemId: string): number | null {
    return this.#playbacks.get(itemId)?.durationMs ?? null;
  }

  /** Marks an item as cut by a client. */
  truncateTo(item: ReplyItem, audioEndMs: number): void {
    this.#truncate(item, audioEndMs);
  }

  #begin(parameters: ResponseParameters, delayMs: number): void {
    const { ports, chain } = this.#host;
    const session = this.#host.session();
    const items = parameters.input?.map((item) => this.#host.makeItem(item)) ?? [...chain.items];
    const [form] = parameters.output_modalities ?? session.output_modalities;
    this.#active = new Generation(this.#generationHost(ports), {
      decide: () =>
        decide({
          items,
          tools: parameters.tools ?? session.tools,
          toolChoice: parameters.tool_choice ?? session.tool_choice,
          instructions: parameters.instructions,
        }),
      form,
      apart: parameters.conversation === 'none',
      metadata: parameters.metadata ?? null,
      delayMs,
    });
    this.#active.begin();
  }

  #generationHost(ports: ConversationPorts): GenerationHost {
    const { chain, conversationId } = this.#host;
    const session = this.#host.session();
    return {
      ports,
      chain,
      conversationId,
      describe: () => ({
        max_output_tokens: session.max_output_tokens,
        audio: {
          output: { format: session.audio.output.format, voice: session.audio.output.voice },
        },
      }),
      play: (responseId, item, text) => this.#play(responseId, item, text),
      done: () => {
        this.#active = null;
        const wanted = this.#wanted;
        this.#wanted = null;
        if (wanted !== null) this.#begin({}, wanted);
      },
    };
  }

  #play(responseId: string, item: ReplyItem, text: string): Playback {
    const playback = this.#host.ports.voice.say(text, {
      started: () => {
        const sounding = this.#sounding.find((one) => one.item === item);
        if (sounding) sounding.started = true;
        this.#emit('output_audio_buffer.started', { response_id: responseId });
      },
      ended: () => {
        item.heardMs = playback.heardMs;
        this.#sounding = this.#sounding.filter((one) => one.item !== item);
        this.#emit('output_audio_buffer.stopped', { response_id: responseId });
      },
    });
    this.#playbacks.set(item.id, playback);
    this.#sounding.push({ responseId, item, playback, started: false });
    return playback;
  }

  /** Stops all sound; tells of it where some was heard. */
  #silence(): { item: ReplyItem; heardMs: number }[] {
    const cut = this.#sounding.map(({ responseId, item, playback, started }) => {
      const heardMs = playback.stop();
      item.interrupted = true;
      if (started) this.#emit('output_audio_buffer.cleared', { response_id: responseId });
      return { item, heardMs };
    });
    this.#sounding = [];
    return cut;
  }

  #truncate(item: ReplyItem, audioEndMs: number): void {
    item.interrupted = true;
    item.truncated = true;
    item.heardMs = audioEndMs;
    this.#emit('conversation.item.truncated', {
      item_id: item.id,
      content_index: 0,
      audio_end_ms: audioEndMs,
    });
  }

  #emit(type: string, fields: Record<string, unknown>): void {
    this.#host.ports.emit({ type, ...fields });
  }
}
