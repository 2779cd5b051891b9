import type {
  Acknowledgement,
  CallId,
  ClientMessage,
  CompletionOutcome,
  EndReason,
  EntryId,
  ErrorCode,
  InterviewMode,
  InterviewPhase,
  InterviewPlan,
  LostRange,
  OfferReason,
  ServerMessage,
  SessionId,
  SessionStatus,
  TranscriptRow,
  WriterId,
  WriterMarks,
} from '@interview/protocol';

/** One provider call of a session, as stored. Times are ISO 8601. */
export interface StoredCall {
  id: CallId;
  /** 1, 2, 3 … in the order of opening. */
  ordinal: number;
  provider: string;
  provider_call_id: string | null;
  connected_at: string | null;
  closed_at: string | null;
  /** The page load that opened it; null where nobody said. */
  writer_id: WriterId | null;
  /** A page of ours made the offer. Other clients can't show that they are there. */
  own_page: boolean;
  /** The process that supervises it; null where none does. */
  holder: string | null;
  /** Of its lease, also of one that lapsed; null where nobody ever took it. */
  epoch: number | null;
}

/** Whether a call is still the asker's to look after. */
export interface Standing {
  ok: boolean;
  /** The page load that has the session's newest call. */
  actor: WriterId | null;
}

/** What became of a lease. */
export interface Renewal extends Standing {
  /** The call is closed. */
  closed: boolean;
  /** Another process found that nobody supervised the call, while no page brought it there. */
  claimed: boolean;
}

/** A process that looks for calls without a supervisor. */
export interface Claim {
  holder: string;
  seconds: number;
  /** Of this session alone; null: of any. */
  session: SessionId | null;
  /** What it looks after by itself, whatever became of the leases. */
  held: readonly CallId[];
}

/** A call that is closed, and whose provider may not know that it is over. */
export interface OwedHangup {
  call_id: CallId;
  provider: string;
  provider_call_id: string;
}

/** A page's message that reached a process which does not supervise the page's call. */
export interface Command {
  id: number;
  session: SessionId;
  message: ClientMessage;
}

/** What came of one: the reply, null where nothing is to be answered, or the refusal. */
export type CommandReply =
  { message: ServerMessage | null } | { error: { code: ErrorCode; message: string } };

/** Everything that a supervisor needs to begin or to go on. */
export interface SessionBrief {
  session: {
    id: SessionId;
    candidate_id: string;
    status: SessionStatus;
    phase: InterviewPhase;
    deadline_at: string | null;
    mode: InterviewMode;
    end_reason: EndReason | null;
    /** What the supervisor last saved; opaque to the database. */
    reducer: unknown;
  };
  /** `tamper`: whether a call is ended when a page goes on doing what only the server may, or that is only recorded. */
  tenant: { name: string; tamper: 'record' | 'enforce' };
  interview: { title: string; language: string; duration_s: number; plan: InterviewPlan };
  calls: StoredCall[];
  writers: WriterMarks;
  transcript: TranscriptRow[];
}

/** As much of a session as a page is told that asks again and again. */
export interface SessionGlance {
  session: {
    id: SessionId;
    status: SessionStatus;
    phase: InterviewPhase;
    end_reason: EndReason | null;
  };
  writers: WriterMarks;
  /** A call is under way. */
  connected: boolean;
}

/** A call that was opened; `former` ones were closed by the same statement. */
export interface OpenedCall {
  call_id: CallId;
  ordinal: number;
  /** The same offer was opened before: whatever came of it, it must not be opened twice. */
  repeated: boolean;
  former: { call_id: CallId; provider: string; provider_call_id: string | null }[];
  /** What the invitation still allows, seconds; null where it has no limit. */
  time_left_s: number | null;
}

/** Where an interview stands, as it is saved. */
export interface SavedInterview {
  /** Opaque to the database. */
  state: unknown;
  phase: InterviewPhase;
  /** When the time is up at the latest, Unix time in milliseconds; null before the clock runs. */
  deadline: number | null;
}

/** What a page reports of its connection: milliseconds, shares and a rating of 1 to 5. */
export type QualityReport = Omit<Extract<ClientMessage, { type: 'quality' }>, 'type'>;

/** What a candidate asks of people while the interview runs. */
export type AskKind = 'adjustment' | 'human' | 'help';

/** Jobs of one tick; `remaining` are due and wait for the next, `dead` failed too often and wait for a person. */
export interface Ticked {
  processed: number;
  failed: number;
  remaining: number;
  dead: number;
}

/** An utterance that an earlier supervisor of the call placed. */
export interface PlacedEntry {
  item_id: string | null;
  position: number;
}

/** The right to supervise a call, and what goes with it. */
export interface TakenLease {
  epoch: number;
  /** The call's own, for whoever supervises it; no page ever sees it. */
  secret: string;
  placed: PlacedEntry[];
  reducer: unknown;
}

/**
 * What the proxy keeps, all of it in Postgres. Every method rejects with a `ProxyError`: `storage_unavailable` when
 * the database can't be reached, or the code of the refusal.
 */
export interface Storage {
  sessionBrief(session: SessionId): Promise<SessionBrief | null>;
  sessionGlance(session: SessionId): Promise<SessionGlance | null>;
  openCall(call: {
    session: SessionId;
    offerId: string;
    writer: WriterId;
    reason: OfferReason;
    provider: string;
    /** false: no page of ours makes the offer. */
    ownPage?: boolean;
  }): Promise<OpenedCall>;
  /** Not `ok`: the call was closed meanwhile, and nobody else knows by which name to hang it up. */
  callAnswered(call: CallId, providerCallId: string): Promise<Standing>;
  /** Marks a call as one that no supervisor follows. Rejects with `supervision_unavailable` where the tenant wants none. */
  allowUnsupervised(call: CallId): Promise<void>;
  /** The first one starts the session's clock. `deadline` is Unix time, milliseconds. */
  callConnected(call: CallId): Promise<{ deadline: number }>;
  /** Adds a report to the session's live call; where there is none it is nobody's. */
  recordQuality(session: SessionId, report: QualityReport): Promise<void>;
  /** The page of a call has had no media for so long, milliseconds. It has them back at the next `callConnected`. */
  recordTrouble(call: CallId, sinceMs: number): Promise<void>;
  /** false: the call lives and a later epoch than `epoch` holds it; null asks for no epoch. */
  closeCall(call: CallId, reason: string, epoch: number | null): Promise<boolean>;
  /**
   * With `force` also from a holder that lives. `reducer` is what was saved last; nothing of an earlier epoch follows.
   * Rejects with `taken_over` while another holder's lease lives, `call_not_found` once the call is closed.
   */
  takeLease(call: CallId, holder: string, seconds: number, force: boolean): Promise<TakenLease>;
  /** The provider was told that the call is over. */
  callHungUp(call: CallId): Promise<void>;
  /** Takes the leases of calls that nobody supervises any more; returns their sessions. */
  claimCalls(claim: Claim): Promise<SessionId[]>;
  /** Closes calls that nobody looks after nor will take up; returns what is to be hung up and is not yet, for a minute. */
  claimHangups(claim: Pick<Claim, 'session' | 'held'>): Promise<OwedHangup[]>;
  /** Not `ok`: another holder has it now, or the call is closed. */
  renewLease(call: CallId, epoch: number, seconds: number): Promise<Renewal>;
  releaseLease(call: CallId, epoch: number): Promise<void>;
  /**
   * Hands a message to whoever supervises the session's call; null where nobody does. What was sent with the same `key`
   * within a minute is not sent again: it gets the reply of before.
   */
  sendCommand(session: SessionId, message: ClientMessage, key?: string): Promise<number | null>;
  /** What was sent to the calls of `holder`, each once, in order. */
  takeCommands(holder: string): Promise<Command[]>;
  answerCommand(id: number, reply: CommandReply): Promise<void>;
  /** null while there is no answer. With `last` a command that nobody has taken is withdrawn: it will not be done. */
  commandReply(id: number, last: boolean): Promise<CommandReply | 'withdrawn' | null>;
  /** false: fenced out by a later epoch. The deadline moves the session's own, as far as pauses may. */
  saveReducer(call: CallId, epoch: number, saved: SavedInterview): Promise<boolean>;
  recordEvent(
    session: SessionId,
    call: CallId | null,
    kind: string,
    detail: Record<string, unknown>,
  ): Promise<void>;
  storeEntries(
    session: SessionId,
    writer: WriterId,
    entries: readonly unknown[],
  ): Promise<Acknowledgement>;
  completeSession(completion: {
    session: SessionId;
    reason: EndReason;
    writers: WriterMarks;
    lost: readonly LostRange[];
    /** Completes with gaps recorded. */
    force: boolean;
  }): Promise<CompletionOutcome>;
  /** Writes down what a candidate asks for. Rejects with `rate_limited`, `session_ended`. */
  ask(session: SessionId, kind: AskKind, note: string): Promise<void>;
  /**
   * Keeps a candidate's own wording beside a line of theirs. Rejects with `not_found` while the line is not stored,
   * `forbidden` for anybody else's, `delivery_expired`, `session_limit`.
   */
  storeCorrection(session: SessionId, entry: EntryId, text: string): Promise<void>;
  /** Keeps what a candidate thinks of the interview; at least one of both. Rejects like `ask`, or `bad_request`. */
  storeFeedback(
    session: SessionId,
    feedback: { rating: number | null; text: string | null },
  ): Promise<void>;
  renewAllowed(session: SessionId): Promise<boolean>;
  /** Lets the processor work off what is due, and returns how much that was. */
  tick(): Promise<Ticked>;
  /** Rejects when the database does not answer. */
  check(): Promise<void>;
}
