import { randomBytes } from 'node:crypto';
import {
  OWN_ITEM_PREFIX,
  type CreatableItem,
  type RealtimeClientEvent,
  type RealtimeServerEvent,
  type TurnDetection,
} from '@interview/protocol';
import { Farewell } from './farewell.ts';
import type { InterviewEffect } from './interview-events.ts';
import { answerOf, hintOf, type OwnItems } from './own-items.ts';
import { ResponseQueue } from './response-queue.ts';

/** What the supervisor does with the model: gives it words, turns, tool outputs and hints, in an order it can take. */
export class Interviewer {
  readonly #send: (event: RealtimeClientEvent) => void;
  readonly #queue: ResponseQueue;
  readonly #farewell: Farewell;
  readonly #own: OwnItems;
  /** What tool calls were answered with. */
  readonly #outputs = new Map<string, string>();
  /** Commits after which an answer is due although nothing may have been left to commit. */
  readonly #ended = new Set<string>();
  readonly #turnDetection: TurnDetection | null;

  /** `own`: the list of what we create; `gone`: the last words were played; `turnDetection`: the call's own, null in writing. */
  constructor(
    send: (event: RealtimeClientEvent) => void,
    {
      own,
      gone,
      turnDetection,
    }: { own: OwnItems; gone: () => void; turnDetection: TurnDetection | null },
  ) {
    this.#own = own;
    this.#send = send;
    this.#turnDetection = turnDetection;
    this.#queue = new ResponseQueue(send);
    this.#farewell = new Farewell(gone);
  }

  handle(event: RealtimeServerEvent): void {
    this.#queue.handle(event);
    this.#farewell.handle(event, (id) => this.#queue.wantedBy(id)?.farewell === true);
    if (event.type === 'error') this.#refused(event.clientEventId, event.code);
  }

  /** True for items that we created and that nobody said. */
  owns(itemId: string): boolean {
    return this.#own.has(itemId);
  }

  cut(): void {
    this.#queue.cut();
  }

  /** Hears nothing and says nothing until `listen`. */
  deafen(): void {
    this.#queue.hold();
    this.#detectTurns(null);
    this.#send({ type: 'input_audio_buffer.clear' });
  }

  /** Hears again; what was said meanwhile was meant for nobody. */
  listen(): void {
    this.#queue.release();
    this.#send({ type: 'input_audio_buffer.clear' });
    this.#detectTurns(this.#turnDetection);
  }

  /** Turns are to be detected; what is being said is kept. */
  detect(): void {
    this.#detectTurns(this.#turnDetection);
  }

  /** Takes what the candidate said so far as their turn. */
  commit(): void {
    this.#send({ type: 'input_audio_buffer.commit' });
  }

  /** The candidate says that their turn is over; it is answered also where the provider had noticed before. */
  endTurn(): void {
    const id = newId('ivr_c_');
    this.#ended.add(id);
    this.#send({ type: 'input_audio_buffer.commit', event_id: id });
  }

  /** Lets the model answer in its own words; `unlessActive`: not where it does so already. */
  answer(unlessActive = false): void {
    this.#queue.want({
      say: null,
      farewell: false,
      ...(unlessActive ? { unlessActive: true } : {}),
    });
  }

  /** Lets the model say something of this kind, unless it speaks already. */
  prompt(task: string): void {
    this.#queue.want({ say: null, farewell: false, task, unlessActive: true });
  }

  /** True for a response that was prompted. */
  prompted(responseId: string): boolean {
    return this.#queue.wantedBy(responseId)?.task !== undefined;
  }

  say(text: string, farewell: boolean): void {
    if (farewell) this.#farewell.expect();
    this.#queue.want({ say: text, farewell });
  }

  /** Answers a tool call; nothing is said before that. `key` names the decision. */
  reply(
    { toolCall, output, speak, farewell }: Extract<InterviewEffect, { type: 'reply' }>,
    key: string,
  ): void {
    const text = JSON.stringify(output);
    this.#outputs.set(toolCall, text);
    this.#output(answerOf(key), toolCall, text);
    if (farewell !== null) this.say(farewell, true);
    else if (speak) this.answer();
  }

  /** Tells the model something that nobody hears. `key` names the decision. */
  steer(text: string, key: string): void {
    this.#create({
      id: hintOf(key),
      type: 'message',
      role: 'system',
      content: [{ type: 'input_text', text }],
    });
  }

  /** Lets the model know earlier turns. */
  replay(items: readonly CreatableItem[]): void {
    for (const item of items) this.#create(item);
  }

  /** Hands on a line that the candidate typed; it is an utterance like any other. */
  type(text: string): void {
    const id = newId(OWN_ITEM_PREFIX.typed);
    const content = [{ type: 'input_text' as const, text }];
    const item = { id, type: 'message', role: 'user', content } as const;
    this.#send({ type: 'conversation.item.create', item });
  }

  /** Answers a tool call once more as it was answered, where it was. */
  replyAgain(toolCall: string): void {
    const text = this.#outputs.get(toolCall);
    if (text === undefined) return;
    this.#output(this.#own.newId(), toolCall, text);
    this.answer(true);
  }

  /**
   * There was a gap in the events: nobody can tell what ran. Returns what forgets it, once it is known what stands last
   * in the conversation; `said`: something was said in the gap.
   */
  doubt(): (said: boolean) => void {
    return this.#queue.doubt();
  }

  stop(): void {
    this.#queue.stop();
    this.#farewell.stop();
  }

  #output(id: string, toolCall: string, text: string): void {
    this.#create({ id, type: 'function_call_output', call_id: toolCall, output: text });
  }

  #refused(clientEventId: string | null, code: string | null): void {
    if (clientEventId === null || !this.#ended.delete(clientEventId)) return;
    if (code !== 'input_audio_buffer_commit_empty') return;
    this.#queue.quiet();
    this.answer(true);
  }

  #detectTurns(turnDetection: TurnDetection | null): void {
    if (this.#turnDetection === null) return;
    const audio = { input: { turn_detection: turnDetection } };
    this.#send({ type: 'session.update', session: { type: 'realtime', audio } });
  }

  #create(item: CreatableItem): void {
    if (item.id !== undefined) this.#own.add(item.id);
    this.#send({ type: 'conversation.item.create', item });
  }
}

/** At most 32 characters, as the provider wants it. */
function newId(prefix: string): string {
  return `${prefix}${randomBytes(9).toString('base64url')}`;
}
