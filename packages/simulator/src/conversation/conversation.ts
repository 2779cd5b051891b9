import { makeId } from '../ids.ts';
import { RequestError } from '../request-error.ts';
import type { CandidateTurn } from '../scenario.ts';
import { Chain } from './chain.ts';
import { readClientEvent, type ClientEvent, type NewItem } from './client-events.ts';
import { Input } from './input.ts';
import { itemOnWire, type Item, type ReplyItem } from './items.ts';
import type { ConversationPorts } from './ports.ts';
import { Responses } from './responses.ts';
import { updateSession, type Session } from './session.ts';

/**
 * One conversation as the provider keeps it: a state machine without clock, network or sound of its own. Events of
 * the candidate's voice and of clients go in, server events come out by `ports.emit`.
 */
export class Conversation {
  readonly id = makeId('conv');
  readonly #ports: ConversationPorts;
  readonly #chain = new Chain();
  readonly #input: Input;
  readonly #responses: Responses;
  #session: Session;

  constructor(session: Session, ports: ConversationPorts) {
    this.#session = session;
    this.#ports = ports;
    this.#input = new Input({
      ports,
      chain: this.#chain,
      transcribes: () => this.#session.audio.input.transcription !== null,
      committed: (turn) => this.#answer(turn),
    });
    this.#responses = new Responses({
      ports,
      chain: this.#chain,
      conversationId: this.id,
      session: () => this.#session,
      makeItem,
    });
  }

  get session(): Session {
    return this.#session;
  }

  get items(): readonly Item[] {
    return this.#chain.items;
  }

  /** The candidate begins to speak, `audioMs` into the audio. Nothing happens while turns are not detected. */
  speechStarted(audioMs: number): void {
    const detection = this.#session.audio.input.turn_detection;
    if (!detection) return;
    this.#input.speechStarted(audioMs);
    if (detection.interrupt_response) this.#responses.interrupt();
  }

  /** The candidate has been silent for long enough. */
  speechStopped(audioMs: number): void {
    if (this.#session.audio.input.turn_detection) this.#input.speechStopped(audioMs);
  }

  /** An event of the browser or of a sideband: parsed JSON, untrusted. What is wrong is answered, never thrown. */
  receive(value: unknown): void {
    try {
      this.#handle(readClientEvent(value));
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      this.#ports.emit({
        type: 'error',
        error: { ...error.toProvider(), event_id: eventIdOf(value) },
      });
    }
  }

  #handle(event: ClientEvent): void {
    switch (event.type) {
      case 'session.update':
        this.#session = updateSession(this.#session, event.session, this.#responses.hasSpoken);
        this.#emit('session.updated', { session: this.#session });
        break;
      case 'conversation.item.create':
        this.#create(event.item, event.previous_item_id ?? undefined);
        break;
      case 'conversation.item.retrieve':
        this.#emit('conversation.item.retrieved', {
          item: itemOnWire(this.#find(event.item_id, 'item_retrieve_invalid_item_id')),
        });
        break;
      case 'conversation.item.delete':
        this.#find(event.item_id, 'item_delete_invalid_item_id');
        this.#chain.remove(event.item_id);
        this.#emit('conversation.item.deleted', { item_id: event.item_id });
        break;
      case 'conversation.item.truncate':
        this.#truncate(event.item_id, event.audio_end_ms);
        break;
      case 'response.create':
        this.#responses.create(event.response);
        break;
      case 'response.cancel':
        this.#responses.cancel(event.response_id);
        break;
      case 'output_audio_buffer.clear':
        this.#responses.clear();
        break;
      case 'input_audio_buffer.clear':
        this.#input.clear();
        break;
      case 'input_audio_buffer.commit':
        this.#input.commit(this.#session.audio.input.turn_detection !== null);
        break;
    }
  }

  #answer(turn: CandidateTurn): void {
    if (!this.#session.audio.input.turn_detection?.create_response) return;
    this.#responses.createForTurn(turn.response_delay_ms ?? this.#ports.pace.responseDelayMs);
  }

  #create(wanted: NewItem, after: string | undefined): void {
    if (wanted.id !== undefined && this.#chain.find(wanted.id)) {
      throw new RequestError(
        'item_create_duplicate_item_id',
        `Error adding item: an item with id '${wanted.id}' already exists.`,
        { param: 'item.id' },
      );
    }
    if (after !== undefined && after !== 'root' && !this.#chain.find(after)) {
      throw new RequestError(
        'item_create_invalid_previous_item_id',
        `Error adding item: the previous item with id '${after}' does not exist.`,
        { param: 'previous_item_id' },
      );
    }
    if (wanted.type === 'function_call_output') this.#checkToolCall(wanted.call_id);
    const item = makeItem(wanted);
    const previous = this.#chain.insert(item, after === 'root' ? null : after);
    for (const type of ['conversation.item.added', 'conversation.item.done']) {
      this.#emit(type, { previous_item_id: previous, item: itemOnWire(item) });
    }
  }

  #checkToolCall(callId: string): void {
    if (this.items.some((item) => item.kind === 'call' && item.callId === callId)) return;
    throw new RequestError(
      'invalid_tool_call_id',
      `Tool call ID '${callId}' not found in conversation.`,
      { param: 'item.call_id' },
    );
  }

  #truncate(itemId: string, audioEndMs: number): void {
    const item = this.#find(itemId, 'item_truncate_invalid_item_id');
    const durationMs = this.#responses.durationOf(itemId);
    if (item.kind !== 'reply' || durationMs === null) {
      throw new RequestError(
        'item_truncate_invalid_item_id',
        `Only model output audio messages can be truncated, and '${itemId}' is none.`,
        { param: 'item_id' },
      );
    }
    if (audioEndMs > durationMs) {
      throw new RequestError(
        'invalid_value',
        `Audio content of ${durationMs}ms is already shorter than ${audioEndMs}ms.`,
        { param: 'audio_end_ms' },
      );
    }
    this.#responses.truncateTo(item satisfies ReplyItem, audioEndMs);
  }

  #find(id: string, code: string): Item {
    const item = this.#chain.find(id);
    if (item) return item;
    throw new RequestError(code, `Item with item_id '${id}' not found.`, { param: 'item_id' });
  }

  #emit(type: string, fields: Record<string, unknown>): void {
    this.#ports.emit({ type, ...fields });
  }
}

/** The internal form of an item that a client wrote. */
function makeItem(wanted: NewItem): Item {
  const common = { id: wanted.id ?? makeId('item'), status: 'completed' as const };
  switch (wanted.type) {
    case 'message':
      return {
        ...common,
        kind: 'text',
        role: wanted.role,
        text: wanted.content.map((part) => part.text).join('\n'),
      };
    case 'function_call':
      return {
        ...common,
        kind: 'call',
        callId: wanted.call_id ?? makeId('call'),
        name: wanted.name,
        arguments: wanted.arguments,
      };
    case 'function_call_output':
      return { ...common, kind: 'output', callId: wanted.call_id, output: wanted.output };
  }
}

function eventIdOf(value: unknown): string | null {
  const fields = typeof value === 'object' && value !== null ? value : {};
  return 'event_id' in fields && typeof fields.event_id === 'string' ? fields.event_id : null;
}
