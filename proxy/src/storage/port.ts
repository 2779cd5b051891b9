import type {
  Acknowledgement,
  CallId,
  CompletionOutcome,
  EndReason,
  EntryId,
  InterviewMode,
  InterviewPhase,
  InterviewPlan,
  LostRange,
  OfferReason,
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
}

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

/** A call that was opened; `former` ones were closed by the same statement. */
export interface OpenedCall {
  call_id: CallId;
  ordinal: number;
  /** The same offer was opened before: whatever came of it, it must not be opened twice. */
  repeated: boolean;
  former: { call_id: CallId; provider_call_id: string | null }[];
}

/** Where an interview stands, as it is saved. */
export interface SavedInterview {
  /** Opaque to the database. */
  state: unknown;
  phase: InterviewPhase;
  /** When the time is up at the latest, Unix time in milliseconds; null before the clock runs. */
  deadline: number | null;
}

/** What a candidate asks of people while the interview runs. */
export type AskKind = 'adjustment' | 'human' | 'help';

/** An utterance that an earlier supervisor of the call placed. */
export interface PlacedEntry {
  item_id: string | null;
  position: number;
}

/**
 * What the proxy keeps, all of it in Postgres. Every method rejects with a `ProxyError`: `storage_unavailable` when
 * the database can't be reached, or the code of the refusal.
 */
export interface Storage {
  sessionBrief(session: SessionId): Promise<SessionBrief | null>;
  openCall(call: {
    session: SessionId;
    offerId: string;
    writer: WriterId;
    reason: OfferReason;
    provider: string;
  }): Promise<OpenedCall>;
  callAnswered(call: CallId, providerCallId: string): Promise<void>;
  /** The first one starts the session's clock. `deadline` is Unix time, milliseconds. */
  callConnected(call: CallId): Promise<{ deadline: number }>;
  closeCall(call: CallId, reason: string): Promise<void>;
  /** Rejects with `taken_over` while another holder's lease lives. */
  takeLease(
    call: CallId,
    holder: string,
    seconds: number,
  ): Promise<{ epoch: number; placed: PlacedEntry[] }>;
  /** false: another holder has it now. */
  renewLease(call: CallId, epoch: number, seconds: number): Promise<boolean>;
  releaseLease(call: CallId, epoch: number): Promise<void>;
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
  /** Lets the processor work off what is due. */
  tick(): Promise<void>;
  /** Rejects when the database does not answer. */
  check(): Promise<void>;
}
