/**
 * What a transport tells while it lives. After `onLost`, or once its signal is aborted, it tells nothing more.
 *
 * @example
 * handlers.onMessage(JSON.stringify({ type: 'session.created' }));
 */
export interface TransportHandlers {
  /** One message of the provider, as it came. */
  onMessage(data: unknown): void;
  /** The interviewer's voice. */
  onStream(stream: MediaStream): void;
  /** The connection hangs (true) or came back (false). */
  onTrouble(hanging: boolean): void;
  /** The connection is gone for good and was hung up; a new attempt is a new transport. */
  onLost(cause: string): void;
}

/**
 * What one attempt to connect needs.
 *
 * @example
 * const connect: ConnectTransport = async ({ track, exchange, signal }) =>
 *   callFrom(await exchange(await offerFor(track), signal));
 */
export interface TransportOptions {
  /**
   * The microphone. A promise of one lets the offer be made while the candidate is still being asked: the attempt takes
   * the track when it comes, waits for it, and fails with its rejection. null opens a call without a voice, to which a
   * track can be given later. Tracks are never stopped here.
   */
  track: MediaStreamTrack | null | Promise<MediaStreamTrack | null>;
  /** Sends the offer and returns the answer. Has deadlines of its own; its error is the attempt's error. */
  exchange(offerSdp: string, signal: AbortSignal): Promise<string>;
  handlers: TransportHandlers;
  /** Ends the attempt and what came of it. */
  signal: AbortSignal;
}

/**
 * A connected call to the interviewer. Speaks no provider's language: messages are text.
 *
 * @example
 * transport.send({ type: 'input_audio_buffer.commit' });
 * transport.close();
 */
export interface Transport {
  /** Sends one event to the provider; false when the channel is not open. */
  send(event: object): boolean;
  /** Exchanges the microphone without a new offer; null falls silent. */
  replaceTrack(track: MediaStreamTrack | null): Promise<void>;
  /** The browser's figures of this call. Rejects or tells nothing once it is over. */
  getStats(): Promise<RTCStatsReport>;
  /**
   * The page is on another network now. A connection that hangs is given up at once, since it can't come back over an
   * address that is gone; one that does not hang is left alone, for its owner to find out.
   */
  networkChanged(): void;
  /** Hangs up. Safe to call twice. */
  close(): void;
}

/**
 * Makes one attempt and resolves when media and messages flow. The offer is made at once, whatever `exchange` and
 * `track` still wait for.
 *
 * @throws InterviewError `offer_timeout`, `media_timeout` or `channel_timeout` at a step's deadline, `connection_failed`
 * where no way leads to the other side or it hung up, `aborted` by the signal, or what `exchange` or `track` threw
 *
 * @example
 * new InterviewSession({ startUrl, invitation, ports: { connectTransport } });
 */
export type ConnectTransport = (options: TransportOptions) => Promise<Transport>;
