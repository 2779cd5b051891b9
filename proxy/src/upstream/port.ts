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
  /** Stable and anonymous: lets the provider see abuse by one person without knowing who. */
  safetyIdentifier: string;
}

/** A call that the provider answered. */
export interface AnsweredCall {
  /** The answer, byte for byte. */
  sdp: string;
  providerCallId: string;
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
  /** What a call's session is to be, in the words of the server's channel. */
  session(spec: CallSpec): RealtimeSession;
  /** Opens a call. Never tries twice, since a second request could make a second paid call. */
  openCall(offer: string, spec: CallSpec): Promise<AnsweredCall>;
  /** Ends a call. Resolves too when the call is gone already. */
  hangup(providerCallId: string): Promise<void>;
  /** Joins a call; `signal` gives up. */
  attach(
    providerCallId: string,
    handlers: SidebandHandlers,
    signal: AbortSignal,
  ): Promise<Sideband>;
}
