import type { CallId, EntryId, WriterId } from './ids.ts';

/** Names an utterance. */
export function entryId(callId: CallId, itemId: string): EntryId {
  return `${callId}.${itemId}` as EntryId;
}

/** Names the supervisor that holds `epoch` of a call's lease as a writer. */
export function serverWriterId(callId: CallId, epoch: number): WriterId {
  return `s_${callId}_${epoch}` as WriterId;
}

/** Prefixes of items that the server creates in a call; the browser makes no rows of replay and steering. */
export const OWN_ITEM_PREFIX = {
  /** An earlier turn, replayed into a new call. */
  replay: 'ivr_r_',
  /** An instruction of ours to the model. */
  steering: 'ivr_s_',
  /** A line that the candidate typed. */
  typed: 'ivr_t_',
} as const;

/** True for items that are no utterance of this call. */
export function isHiddenItem(itemId: string): boolean {
  return itemId.startsWith(OWN_ITEM_PREFIX.replay) || itemId.startsWith(OWN_ITEM_PREFIX.steering);
}
