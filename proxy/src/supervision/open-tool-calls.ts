import type { ConversationItem, RealtimeServerEvent } from '@interview/protocol';

/**
 * An answer to a tool call that does not come within this is not waited for, milliseconds. Our choice: longer than a
 * save takes, short enough not to be dead air.
 */
const ANSWER_MS = 5_000;

/** Calls of tools that were not answered yet: a model that speaks before it knows what they returned makes it up. */
export class OpenToolCalls {
  readonly #none: () => void;
  /** The item of each call. */
  readonly #open = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;

  /** `none`: none is waited for any more. */
  constructor(none: () => void) {
    this.#none = none;
  }

  get any(): boolean {
    return this.#open.size > 0;
  }

  handle(event: RealtimeServerEvent): void {
    switch (event.type) {
      case 'response.output_item.done':
        this.#called(event.item);
        break;
      case 'conversation.item.added':
        if (event.item.kind === 'function_call_output' && event.item.toolCallId !== null)
          this.answered(event.item.toolCallId);
        break;
      case 'conversation.item.deleted':
        for (const [toolCall, itemId] of this.#open)
          if (itemId === event.itemId) this.answered(toolCall);
        break;
      default:
        break;
    }
  }

  answered(toolCall: string): void {
    if (!this.#open.delete(toolCall) || this.any) return;
    clearTimeout(this.#timer);
    this.#none();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#open.clear();
  }

  #called({ kind, id, toolCallId, status }: ConversationItem): void {
    if (kind !== 'function_call' || toolCallId === null || status === 'incomplete') return;
    this.#open.set(toolCallId, id);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#open.clear();
      this.#none();
    }, ANSWER_MS).unref();
  }
}
