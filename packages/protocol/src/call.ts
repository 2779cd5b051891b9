/** Media type of an offer and an answer (RFC 8866). */
export const SDP_MEDIA_TYPE = 'application/sdp';
/** Label of the data channel that carries the provider's events; it must exist before the offer is made. */
export const DATA_CHANNEL_LABEL = 'oai-events';
/** Largest offer taken, bytes of UTF-8. Offers of today's browsers have 2–8 KB. */
export const MAX_OFFER_BYTES = 32 * 1024;
/** After an offer by message `connected` must follow within this time, else the call is hung up. */
export const CONNECTED_DEADLINE_MS = 60_000;

/** Why `sdp` is no offer that a voice call could come of, or null when it is one. The text says what to mend. */
export function offerProblem(sdp: string): string | null {
  if (new TextEncoder().encode(sdp).length > MAX_OFFER_BYTES) {
    return `The offer is larger than ${MAX_OFFER_BYTES} bytes.`;
  }
  if (sdp.includes('\0')) return 'The offer holds a NUL character.';
  if (!/^v=0\r?\n/.test(sdp)) return 'The offer does not begin with v=0, so it is not SDP.';
  const lines = sdp.split(/\r\n|\n/);
  if (lines.some((line) => line.includes('\r'))) return 'The offer holds a bare carriage return.';
  if (lines.some((line) => line !== '' && !/^[a-z]=/.test(line))) {
    return 'The offer has a line that is not of the form <type>=<value>.';
  }
  const audio = lines.filter((line) => line.startsWith('m=audio '));
  if (audio.length !== 1) return `The offer must have one audio line, it has ${audio.length}.`;
  if (lines.some((line) => line.startsWith('m=video '))) return 'The offer must not have video.';
  if (audioDirection(lines) === 'inactive') return 'The audio line of the offer is inactive.';
  if (!lines.some((line) => line.startsWith('a=fingerprint:'))) {
    return 'The offer has no DTLS fingerprint, so it is not a WebRTC offer.';
  }
  if (!lines.some((line) => /^a=setup:(actpass|active)$/.test(line))) {
    return 'This is an answer, not an offer (a=setup must be actpass).';
  }
  return null;
}

function audioDirection(lines: readonly string[]): string {
  const start = lines.findIndex((line) => line.startsWith('m=audio '));
  const after = lines.slice(start + 1);
  const end = after.findIndex((line) => line.startsWith('m='));
  const section = end === -1 ? after : after.slice(0, end);
  const direction = /^a=(sendrecv|sendonly|recvonly|inactive)$/;
  const found = [...section, ...lines.slice(0, start)].find((line) => direction.test(line));
  return found?.slice(2) ?? 'sendrecv';
}
