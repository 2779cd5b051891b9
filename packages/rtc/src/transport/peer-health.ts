/** How long a connection may hang before it counts as gone, milliseconds: it often comes back by itself. */
export const DISCONNECTED_GRACE_MS = 5_000;

/** What the watch tells. `onLost` is told once. */
export interface PeerHealthHandlers {
  onTrouble(hanging: boolean): void;
  onLost(cause: string): void;
}

/**
 * Watches a connected peer. The channel still says `open` when ICE has failed, and ICE says `connected` when the
 * other side has closed the channel: so both are watched.
 */
export function watchPeer(
  peer: RTCPeerConnection,
  channel: RTCDataChannel,
  handlers: PeerHealthHandlers,
  signal: AbortSignal,
): void {
  let grace: ReturnType<typeof setTimeout> | null = null;
  const stop = new AbortController();
  const options = { signal: AbortSignal.any([signal, stop.signal]) };
  const endGrace = (): void => {
    if (grace !== null) clearTimeout(grace);
    grace = null;
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
      return;
    }
    if (state === 'disconnected' && grace === null) {
      grace = setTimeout(() => lose('disconnected'), DISCONNECTED_GRACE_MS);
      handlers.onTrouble(true);
    }
    if (state === 'connected' && grace !== null) {
      endGrace();
      handlers.onTrouble(false);
    }
  };
  peer.addEventListener('connectionstatechange', check, options);
}
