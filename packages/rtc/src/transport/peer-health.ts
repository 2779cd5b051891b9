/**
 * How long a connection may hang before it counts as gone, milliseconds. Chromium says `disconnected` 5 s after the last
 * packet and `failed` 10 s later (measured), and until then a path that returns is taken up again by itself.
 */
export const DISCONNECTED_GRACE_MS = 4_000;

/** What the watch tells. `onLost` is told once, and nothing after it. */
export interface PeerHealthHandlers {
  onTrouble(hanging: boolean): void;
  onLost(cause: string): void;
}

/**
 * Watches a peer from its beginning. The channel still says `open` when ICE has failed, and ICE says `connected` when the
 * other side has closed the channel: so both are watched, by their events.
 *
 * @returns to be called when the page is on another network: what hangs is lost at once
 */
export function watchPeer(
  peer: RTCPeerConnection,
  channel: RTCDataChannel,
  handlers: PeerHealthHandlers,
  signal: AbortSignal,
): () => void {
  let grace: ReturnType<typeof setTimeout> | undefined;
  const stop = new AbortController();
  const options = { signal: AbortSignal.any([signal, stop.signal]) };
  const endGrace = (): void => {
    clearTimeout(grace);
    grace = undefined;
  };
  const lose = (cause: string): void => {
    stop.abort();
    handlers.onLost(cause);
  };
  options.signal.addEventListener('abort', endGrace);
  channel.addEventListener('close', () => lose('channel closed'), options);
  const check = (): void => {
    const { connectionState: state } = peer;
    if (state === 'failed' || state === 'closed') {
      lose(`connection ${state}`);
    } else if (state === 'disconnected' && grace === undefined) {
      grace = setTimeout(() => lose(state), DISCONNECTED_GRACE_MS);
      handlers.onTrouble(true);
    } else if (state === 'connected' && grace !== undefined) {
      endGrace();
      handlers.onTrouble(false);
    }
  };
  peer.addEventListener('connectionstatechange', check, options);
  return () => {
    if (grace !== undefined) lose('network changed');
  };
}
