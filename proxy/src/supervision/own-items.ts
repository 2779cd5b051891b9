import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { OWN_ITEM_PREFIX } from '@interview/protocol';

const KEY = new RegExp(`^${OWN_ITEM_PREFIX.steering}([\\w-]{12})([\\w-]{12})(_o)?$`);

/**
 * Items that supervisors of a call created, and that nobody said: this one's by its list, those of the ones before and
 * after it by their mark. A page can read the prefix of such an item, but not the secret of the call.
 */
export class OwnItems {
  readonly #made = new Set<string>();
  #secret: string | null = null;

  /** All supervisors of a call have the same secret; pages never see it. */
  signWith(secret: string): void {
    this.#secret = secret;
  }

  /** Names a decision and the items that come of it: 24 characters. */
  newKey(): string {
    const random = randomBytes(9).toString('base64url');
    return random + this.#mark(random);
  }

  /** Another item, with the mark. */
  newId(): string {
    return hintOf(this.newKey());
  }

  add(itemId: string): void {
    this.#made.add(itemId);
  }

  has(itemId: string): boolean {
    return this.#made.has(itemId) || this.isOfAnother(itemId);
  }

  /** Another supervisor of this call made it: it had the call before, or has it now. */
  isOfAnother(itemId: string): boolean {
    const [, random, mark] = KEY.exec(itemId) ?? [];
    if (random === undefined || mark === undefined || this.#secret === null) return false;
    if (this.#made.has(itemId)) return false;
    return timingSafeEqual(Buffer.from(mark), Buffer.from(this.#mark(random)));
  }

  #mark(random: string): string {
    const secret = this.#secret ?? randomBytes(16);
    return createHmac('sha256', secret).update(random).digest('base64url').slice(0, 12);
  }
}

/** Item of the hint that a decision gave the model. */
export function hintOf(key: string): string {
  return `${OWN_ITEM_PREFIX.steering}${key}`;
}

/** Item of the answer that a decision gave to a tool call; 32 characters, which is as many as the provider takes. */
export function answerOf(key: string): string {
  return `${hintOf(key)}_o`;
}
