const loopback = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/;
const secure = /^https:\/\/[A-Za-z0-9.-]+(:\d{1,5})?$/;

/** Whether a page of this origin may be answered at all. What it may do is decided by its tenant's own list. */
export function isAnswerable(origin: string, local: boolean): boolean {
  return secure.test(origin) || (local && loopback.test(origin));
}

/** Lets the page read the reply. Exactly the origin that asked, never `*`. */
export function corsHeaders(origin: string | null, local: boolean): Record<string, string> {
  if (origin === null || !isAnswerable(origin, local)) return { vary: 'Origin' };
  return {
    vary: 'Origin',
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'retry-after, x-request-id',
  };
}

/** What a preflight is told. It carries no token, so it is the same for every tenant. */
export function preflightHeaders(): Record<string, string> {
  return {
    'access-control-allow-methods': 'POST, OPTIONS',
    'access-control-allow-headers': 'authorization, apikey, x-client-info, content-type',
    'access-control-max-age': '7200',
  };
}
