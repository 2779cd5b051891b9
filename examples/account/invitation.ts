const STORED = 'account-page:invitation';

/**
 * The invitation that the address holds, or that this tab came with before a reload; null where there is none. It does
 * not stay in the address, where it would be copied and shared.
 */
export function takeInvitation(): string | null {
  const found = new URLSearchParams(location.hash.slice(1)).get('interview');
  if (found === null) return sessionStorage.getItem(STORED);
  history.replaceState(null, '', location.pathname + location.search);
  sessionStorage.setItem(STORED, found);
  return found;
}

/** The interview is over: a reload does not lead back. */
export function forgetInvitation(): void {
  sessionStorage.removeItem(STORED);
}
