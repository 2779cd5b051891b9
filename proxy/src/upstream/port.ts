import type {
  FunctionTool,
  InterviewMode,
  ParsedServerEvent,
  RealtimeClientEvent,
  RealtimeSession,
  TurnDetection,
} from '@interview/protocol';

/** What an interviewer must be, in no provider's words. */
export interface CallSpec {
  instructions: string;
  tools: FunctionTool[];
  /** In writing there is no sound either way. */
  mode: InterviewMode;
  /** When a turn is taken as ended; null where nobody listens. */
  turnDetection: TurnDetection | null;
  /** BCP 47 tag of the language that is spoken. */
  language: string;
  /** Who talks. An adapter makes it anonymous before it tells anybody. */
  candidateId: string;
  /** The client is a page of ours, which tells the provider what it is told to. */
  ownPage: boolean;
}

/** A call that the provider answered. */
export interface AnsweredCall {
  /** The answer, byte for byte. */
  sdp: string;
  providerCallId: string;
  /** What the page sends as `session.update`, where this server could not set the session by itself. */
  session?: Record<string, unknown>;
}

/**
 * The server's own channel into a call. Its words are those of the protocol's normalised Realtime events; an adapter
 * of another provider translates.
 */
export interface Sideband {
  /** false: it is closed, and the event did not leave. */
  send(event: RealtimeClientEvent): boolean;
  /** Leaves the call alive. */
  close(): void;
}

export interface SidebandHandlers {
  event: (event: ParsedServerEvent) => void;
  /** Called once, also after `close()`. */
  closed: () => void;
}

/** A provider of voice interviewers. Rejections are `ProxyError`s. */
export interface Upstream {
  /** Name that is stored with a call. */
  readonly name: string;
  /** What the browser's data channel speaks. */
  readonly dialect: string;
  /** What a call's session is to be, in the words of the server's channel; absent where that tells none. */
  session?(spec: CallSpec): RealtimeSession;
  /** False where the server gets no channel into a call, and `attach` always rejects. */
  readonly supervised?: boolean;
  /**
   * Opens a call. Never tries twice, since a second request could make a second paid call; only a refused key moves on
   * to the next one. `gone`, aborted when nobody waits any more, cancels, and hangs up a call that was made meanwhile.
   */
  openCall(offer: string, spec: CallSpec, gone?: AbortSignal): Promise<AnsweredCall>;
  /** Ends a call. Resolves too when the call is gone already. */
  hangup(providerCallId: string): Promise<void>;
  /** Joins a call; `signal` gives up. */
  attach(
    providerCallId: string,
    handlers: SidebandHandlers,
    signal: AbortSignal,
  ): Promise<Sideband>;
}
