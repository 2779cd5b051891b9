/** What is said of the connection before a call. */
export type NetworkVerdict = 'asking' | 'good' | 'slow' | 'away';

/** A reply that takes longer than this is slow, milliseconds: a call is made of several. */
const SLOW_MS = 2_000;

/** @param tookMs how long a small question to the server took; null where no reply came */
export function networkOf(online: boolean, tookMs: number | null): NetworkVerdict {
  if (!online || tookMs === null) return 'away';
  return tookMs > SLOW_MS ? 'slow' : 'good';
}
