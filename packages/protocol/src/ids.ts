import * as z from 'zod/mini';

/**
 * Identifiers that cross a boundary. Each is branded, so that one kind can't be passed where another is meant;
 * parse untrusted text with the schema of the same name.
 */

/** An `interview_sessions.id`. */
export const SessionId = z.uuid().brand<'SessionId'>();
export type SessionId = z.infer<typeof SessionId>;

/** A `tenants.id`. */
export const TenantId = z.uuid().brand<'TenantId'>();
export type TenantId = z.infer<typeof TenantId>;

/** Our own id of one provider call (`session_calls.id`), never the provider's `rtc_…`. */
export const CallId = z.uuid().brand<'CallId'>();
export type CallId = z.infer<typeof CallId>;

/**
 * Who writes transcript rows: a page load (`b_<random>`) or a supervisor (`s_<call>_<lease epoch>`).
 * Sequences count per writer.
 */
export const WriterId = z
  .string()
  .check(z.regex(/^(b_[A-Za-z0-9_-]{16,43}|s_[0-9a-f-]{36}_[0-9]{1,9})$/))
  .brand<'WriterId'>();
export type WriterId = z.infer<typeof WriterId>;

/** A provider's item id, or one of ours (`ivr_…`). */
export const ItemId = z.string().check(z.regex(/^[\x21-\x7e]{1,128}$/));

/** `<call_id>.<item_id>`: one utterance, whoever reports it. */
export const EntryId = z
  .string()
  .check(z.regex(/^[0-9a-f-]{36}\.[\x21-\x7e]{1,128}$/))
  .brand<'EntryId'>();
export type EntryId = z.infer<typeof EntryId>;

/** Correlates a request on the socket with its reply. */
export const MessageId = z.string().check(z.regex(/^[A-Za-z0-9_-]{1,64}$/));

/** `inv_` and 32 random bytes, base64url: 256 bits, so that guessing is out of the question. */
export const InvitationToken = z.string().check(z.regex(/^inv_[A-Za-z0-9_-]{43}$/));

/** 32 random bytes, base64url, made by the browser before its first call. */
export const DeviceKey = z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/));

/** An id that a tenant's own backend chose. */
export const ExternalId = z.string().check(z.regex(/^[A-Za-z0-9._-]{1,64}$/));
