import { randomBytes } from 'node:crypto';

/** Prefixes that the provider gives its ids. */
export type IdPrefix = 'rtc' | 'sess' | 'conv' | 'item' | 'resp' | 'call' | 'event' | 'ek';

/** A new id of the provider's form, for example `item_Cx…`; at most 32 characters, the provider's own limit. */
export function makeId(prefix: IdPrefix): string {
  return `${prefix}_${randomBytes(16).toString('hex').slice(0, 21)}`;
}
