import {
  OWN_ITEM_PREFIX,
  type ConversationItem,
  type InterviewPlan,
  type RealtimeClientEvent,
  type RealtimeServerEvent,
} from '@interview/protocol';
import type { Decision, Director } from './director.ts';
import { wordsAgain } from './interview-state.ts';
import type { Interviewer } from './interviewer.ts';
import { hintOf, type OwnItems } from './own-items.ts';
import { Tail, type Last } from './tail.ts';
import { INHERITED_MS } from './tampering.ts';

/**
 * A response that was asked for before we came shows itself within this, milliseconds. Our choice: longer than a model
 * takes for its first sound, short enough not to be dead air.
 */
const QUIET_MS = 2_500;

export interface ResumptionOptions {
  plan: InterviewPlan;
  director: Director;
  interviewer: Interviewer;
  own: OwnItems;
  send: (event: RealtimeClientEvent) => void;
  /** The model called a tool: answer it. false: that was done before. */
  toolCall: (item: ConversationItem) => boolean;
  /** There is nothing more to be said. */
  leave: () => void;
  /** Nobody is there. */
  hangUp: () => void;
}

/**
 * Goes on in a call of which something was missed: all that a supervisor before us did, or what came while the channel
 * was gone. What stands last at the provider is the truth, whatever was saved or heard of it.
 */
export class Resumption {
  readonly #options: ResumptionOptions;
  readonly #tail: Tail;
  /** Made by what a supervisor before us decided last, which is asked for. */
  #hint: string | null = null;
  /** The same, once it was found. */
  #marker: string | null = null;
  /** Until then the supervisor before may still act, Unix time in milliseconds. */
  #inheritsUntil = 0;
  /** Somebody speaks, or is about to. */
  #alive = false;
  #owed: (() => void) | null = null;
  #quiet: NodeJS.Timeout | undefined;
  #waited = false;
  /** Stood last, unfinished, and was asked for once more. */
  #again: string | null = null;

  constructor(options: ResumptionOptions) {
    this.#options = options;
    this.#tail = new Tail(options);
  }

  /**
   * Takes over a call in which another process may have died between saving what it decided and doing it. Returns
   * whether it is the candidate's turn now, or somebody else's who does not know it yet.
   */
  takeUp(): boolean {
    const { director, interviewer, hangUp } = this.#options;
    const { paused_since: since, counted_until: before, absent, end } = director.state;
    if (end) this.#takeLeave(end.farewell);
    else if (absent) hangUp();
    else if (since !== null) {
      interviewer.cut();
      interviewer.deafen();
    } else {
      // A pause may have ended that the call is still deaf from.
      if (before > 0) interviewer.detect();
      this.#findOut(director.decision);
      return true;
    }
    return false;
  }

  /** The call is ours from now on, Unix time in milliseconds; what has come meanwhile, the one before heard as well. */
  inherit(now: number): void {
    this.#inheritsUntil = now + INHERITED_MS;
  }

  /** True while the supervisor before may not know yet that we have the call. */
  inherits(now: number): boolean {
    return now < this.#inheritsUntil;
  }

  /** After a gap in the events nobody can tell what ran: whoever waits for an answer gets it. */
  back(): void {
    const settle = this.#options.interviewer.doubt();
    const goOn = (item: ConversationItem): void => this.#goOn(item);
    this.#tail.look((last) => {
      const item = last?.item ?? null;
      settle(last?.isNew === true && item?.role !== 'user');
      if (item) goOn(item);
    }, goOn);
  }

  handle(event: RealtimeServerEvent): void {
    this.#tail.handle(event);
    switch (event.type) {
      case 'response.created':
      case 'response.output_item.added':
      case 'output_audio_buffer.started':
      case 'input_audio_buffer.speech_started':
        this.#alive = true;
        break;
      case 'error':
        // The hint never came to the provider, so nothing of the decision did.
        if (this.#hint !== null && event.clientEventId === this.#hint) this.#redo();
        break;
      case 'conversation.item.retrieved':
        if (event.item.id === this.#hint) this.#look();
        else if (event.item.id === this.#again) this.#judge({ item: event.item, isNew: true });
        break;
      default:
        break;
    }
  }

  stop(): void {
    clearTimeout(this.#quiet);
    this.#tail.stop();
    this.#owed = null;
    this.#alive = true;
  }

  /** Whether what was decided last has become part of the conversation, and what stands last in it. */
  #findOut(decision: Decision | null): void {
    this.#quiet = setTimeout(() => {
      this.#waited = true;
      this.#settle();
    }, QUIET_MS).unref();
    const hinted = decision?.effects.some(({ type }) => type === 'steer') ?? false;
    this.#hint = hinted && decision ? hintOf(decision.key) : null;
    this.#marker = this.#hint;
    if (this.#hint === null) this.#look();
    else {
      const id = this.#hint;
      this.#options.send({ type: 'conversation.item.retrieve', event_id: id, item_id: id });
    }
  }

  #look(): void {
    this.#hint = null;
    const { toolCall } = this.#options;
    this.#tail.look((last) => last && this.#judge(last), toolCall);
  }

  /** What stands last after a supervisor before us. */
  #judge({ item }: Last): void {
    const { director, toolCall } = this.#options;
    if (item === null || item.id.startsWith(OWN_ITEM_PREFIX.replay)) {
      this.#owe(() => this.#beginAgain());
    } else if (item.kind === 'function_call' && item.status === 'in_progress') {
      // Its end is told, and noticed like any other; unless that was before we came.
      this.#owe(() => this.#lookAgain(item.id));
    } else if (item.kind === 'function_call' && item.status === 'incomplete') {
      this.#owe(() => this.#answer());
    } else if (item.kind === 'function_call') {
      const answered = director.decision?.effects.some(
        (effect) => effect.type === 'reply' && effect.toolCall === item.toolCallId,
      );
      if (answered === true) this.#redo();
      else toolCall(item);
    } else if (item.role === 'user' || this.#isOpen(item)) {
      this.#owe(() => this.#answer());
    } else if (item.role === 'system' && this.#wantsWords(item.id)) {
      this.#owe(() => this.#sayAgain());
    }
  }

  /** Behind a hint the words are due that were decided with it, or those of a step that nobody has heard yet. */
  #wantsWords(itemId: string): boolean {
    const { decision, state } = this.#options.director;
    const decided = decision?.effects.some(({ type }) => type === 'say') ?? false;
    return !state.delivered || (itemId === this.#marker && decided);
  }

  /** Once: what is still not done then is left to whoever looks after silences. */
  #lookAgain(itemId: string): void {
    if (this.#again !== null) return;
    this.#again = itemId;
    this.#options.send({ type: 'conversation.item.retrieve', item_id: itemId });
  }

  /** What stands last after a gap, or may not have been seen. */
  #goOn(item: ConversationItem): void {
    const { interviewer, toolCall } = this.#options;
    const { kind, role, toolCallId, status } = item;
    const isCall = kind === 'function_call';
    // Its end is told, and noticed like any other.
    if (isCall && status === 'in_progress') return;
    if (isCall && toolCallId !== null && status !== 'incomplete') {
      if (!toolCall(item)) interviewer.replyAgain(toolCallId);
    } else if (role === 'user' || isCall || this.#isOpen(item)) this.#answer();
  }

  /** An output that the model has still to speak of: that of `wait` asks for silence. */
  #isOpen({ kind }: ConversationItem): boolean {
    const { quiet_until: until } = this.#options.director.state;
    return kind === 'function_call_output' && until <= Date.now();
  }

  #answer(): void {
    const { director, interviewer } = this.#options;
    if (director.state.end === null) interviewer.answer(true);
  }

  /** Nothing was said in this call. */
  #beginAgain(): void {
    const said = this.#options.director.decision?.effects.some(({ type }) => type === 'say');
    if (said === true) this.#redo();
    else this.#sayAgain();
  }

  #sayAgain(): void {
    const { plan, director, interviewer } = this.#options;
    interviewer.say(wordsAgain(plan, director.state), false);
  }

  #redo(): void {
    this.#hint = null;
    void this.#options.director.redo();
  }

  /** Nobody knows how much of the last words was heard: they are said from the beginning. */
  #takeLeave(farewell: string | null): void {
    const { interviewer, leave } = this.#options;
    if (farewell === null) {
      leave();
      return;
    }
    interviewer.cut();
    interviewer.say(farewell, true);
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
}
