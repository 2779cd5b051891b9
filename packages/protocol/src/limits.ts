/**
 * Sizes, times and names of the wire. They stand apart from the schemas, so that a page that needs a number does not
 * load a validator.
 */

/** WebSocket subprotocol. The token may come beside it as `bearer.<jwt>`. */
export const SUBPROTOCOL = 'interview.v1';
/** Prefix of the subprotocol that carries a token. */
export const BEARER_SUBPROTOCOL_PREFIX = 'bearer.';
/** Largest message either way, bytes. */
export const MAX_MESSAGE_BYTES = 64 * 1024;
/** A socket without a token in its upgrade must send `authenticate` within this time. */
export const AUTHENTICATE_DEADLINE_MS = 5_000;

/** Largest text of a row, bytes of UTF-8; a longer utterance is continued in further rows. */
export const MAX_ENTRY_TEXT_BYTES = 32 * 1024;
/** Largest batch, bytes of UTF-8: keepalive requests share 64 KiB a page. */
export const MAX_BATCH_BYTES = 48 * 1024;
/** Most rows in a batch. */
export const MAX_BATCH_ENTRIES = 200;
/** Step between positions of neighbouring rows; what comes between takes midpoints. */
export const POSITION_STEP = 1024;

/** Life of a session token, seconds. */
export const SESSION_TOKEN_TTL_S = 600;
/** Share of its life after which a token is renewed. */
export const SESSION_TOKEN_RENEW_AT = 0.6;
/** How long after `exp` a token still delivers its own session's transcript, seconds. */
export const DELIVERY_GRACE_S = 24 * 3600;

/** The session completes with its gaps recorded when the rest has not come by then, milliseconds. */
export const COMPLETION_DEADLINE_MS = 60_000;
