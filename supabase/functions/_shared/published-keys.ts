import { createRemoteJWKSet, errors } from 'jose';

const TIMEOUT_MS = 5_000;

/** The keys at an address, fetched when they are needed and kept for a while. */
export function publishedKeys(url: string): ReturnType<typeof createRemoteJWKSet> {
  return createRemoteJWKSet(new URL(url), { timeoutDuration: TIMEOUT_MS });
}

/** Whether a verification failed because the keys could not be had, which says nothing about the token. */
export function isUnread(error: unknown): boolean {
  // jose throws what fetch threw, and its most general error for a reply that is no key set.
  return (
    error instanceof TypeError ||
    error instanceof errors.JWKSTimeout ||
    (error instanceof errors.JOSEError && error.code === 'ERR_JOSE_GENERIC')
  );
}
