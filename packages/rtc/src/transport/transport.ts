/** What a transport tells while it lives. After `onLost`, or once its signal is aborted, it tells nothing more. */
export interface TransportHandlers {
  /** One message of the provider, as it came. */
  onMessage(data: unknown): void;
  /** The interviewer's voice. */
  onStream(stream: MediaStream): void;
  /** The connection hangs (true) or came back (false). */
  onTrouble(hanging: boolean): void;
  /** The connection is gone for good; a new attempt is a new transport. */
  onLost(cause: string): void;
}

/** What one attempt to connect needs. */
export interface TransportOptions {
  /** The microphone; null opens a call without a voice, to which a track can be given later. */
  track: MediaStreamTrack | null;
  /** Sends the offer and returns the answer. Its error is the attempt's error. */
  exchange(offerSdp: string, signal: AbortSignal): Promise<string>;
  handlers: TransportHandlers;
  /** Ends the attempt and what came of it. */
  signal: AbortSignal;
}

/** A connected call to the interviewer. Speaks no provider's language: messages are text. */
export interface Transport {
  /** Sends one event to the provider; false when the channel is not open. */
  send(event: object): boolean;
  /** Exchanges the microphone without a new offer; null falls silent. */
  replaceTrack(track: MediaStreamTrack | null): Promise<void>;
  /** The browser's figures of this call. */
  getStats(): Promise<RTCStatsReport>;
  /** Hangs up. Safe to call twice. */
  close(): void;
}

/**
 * Makes one attempt and resolves when media and messages flow.
 *
 * @throws InterviewError `offer_timeout`, `media_timeout` or `channel_timeout` at a step's deadline, `connection_failed`,
 * `aborted` by the signal, or what `exchange` threw
 */
export type ConnectTransport = (options: TransportOptions) => Promise<Transport>;
