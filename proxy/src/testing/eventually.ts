import { expect } from 'vitest';

/** Waits until what is read fits; a busy machine gets its time. */
export function eventually<T>(read: () => T) {
  return expect.poll(read, { timeout: 8_000 });
}
