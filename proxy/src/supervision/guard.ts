import type {
  RealtimeClientEvent,
  RealtimeServerEvent,
  RealtimeSession,
} from '@interview/protocol';
import type { Foreign } from './finding.ts';
import type { InterviewState } from './interview-state.ts';
import { Tampering, type Verdict } from './tampering.ts';

export interface GuardOptions {
  /** What the call's session is to be; null where the server's channel can't tell. */
  session: RealtimeSession | null;
  /** Another process supervised the call before. */
  adopted: boolean;
  /** To the provider. */
  send: (event: RealtimeClientEvent) => void;
  /** True for items that another supervisor of the call made. */
  isOfAnother: (itemId: string) => boolean;
  /** Asks whether the call is still ours: what another supervisor does looks foreign. */
  holds: () => Promise<boolean>;
  /** The page's own channel is open: something came by it. */
  reached: () => void;
  /** Somebody did what only we may do; `enough`: often enough to end the call. */
  tampered: (foreign: Foreign & { undone: boolean }, enough: boolean) => void;
}

/** Stands between the supervisor and the provider: knows what is ours, and puts right what somebody else did. */
export class Guard {
  readonly #options: GuardOptions;
  #tampering: Tampering;
  /** Updates of ours whose echo is still to come. */
  #updates = 0;

  constructor(options: GuardOptions) {
    this.#options = options;
    this.#tampering = this.#from(null);
  }

  /** Goes on from what was saved last. Before anything else only. */
  begin(state: InterviewState): void {
    this.#tampering = this.#from(state);
  }

  send(event: RealtimeClientEvent): void {
    if (event.type === 'session.update') this.#updates += 1;
    this.#tampering.sent(event, Date.now());
    this.#options.send(event);
  }

  /** Returns what somebody else did, where it was not us. `now`: Unix time, milliseconds. */
  handle(event: RealtimeServerEvent, now: number): Foreign['what'] | null {
    const verdict = this.#tampering.handle(event, now);
    if (this.#isOfPage(event, verdict)) this.#options.reached();
    if (event.type === 'session.updated') this.#updates = Math.max(0, this.#updates - 1);
    if (verdict.foreign || verdict.undo.length > 0) void this.#putRight(verdict);
    return verdict.foreign?.what ?? null;
  }

  /** True for items that somebody made in our name or the model's. */
  hides(itemId: string): boolean {
    return this.#tampering.isForeignItem(itemId);
  }

  /** True for what belongs to a response that we did not ask for. */
  isForeign(event: RealtimeServerEvent): boolean {
    const response = 'response' in event ? event.response.id : null;
    const id = 'responseId' in event ? event.responseId : response;
    return id !== null && this.#tampering.isForeignResponse(id);
  }

  #from(state: InterviewState | null): Tampering {
    const { adopted, session, isOfAnother } = this.#options;
    const sessions = session === null ? [] : sessionsOf(session, adopted ? state : null);
    return new Tampering({ sessions, adopted, isOfAnother, now: Date.now() });
  }

  /** OpenAI's own client shows itself by what it sends when its channel opens, also where that was before we came. */
  #isOfPage(event: RealtimeServerEvent, { foreign }: Verdict): boolean {
    if (event.type === 'session.created') return (event.session['tracing'] ?? null) !== null;
    if (foreign) return !('at' in foreign.detail);
    return event.type === 'session.updated' && this.#updates === 0;
  }

  async #putRight({ foreign, undo, enough }: Verdict): Promise<void> {
    if (!(await this.#options.holds())) return;
    // Meanwhile a pause may have begun, or ended.
    for (const event of undo.flatMap((one) => this.#tampering.asOfNow(one))) this.send(event);
    if (foreign) this.#options.tampered({ ...foreign, undone: undo.length > 0 }, enough);
  }
}

/** What a call may look like when we come: another supervisor may have died while it began or ended a pause. */
function sessionsOf(session: RealtimeSession, state: InterviewState | null): RealtimeSession[] {
  // In the first pause nothing is counted yet.
  if (state === null || (state.paused_since === null && state.counted_until === 0))
    return [session];
  const input = { ...session.audio?.input, turn_detection: null };
  const deaf = { ...session, audio: { ...session.audio, input } };
  return state.paused_since === null ? [deaf, session] : [session, deaf];
}
