const pattern = /(^#?|&)interview=(inv_[A-Za-z0-9_-]{1,200})(?=&|$)/;
/** Under this name the tab remembers its link, so that a reload leads back into the interview. */
const STORED = 'ai-interview-room:invitation';

/** The invitation in a fragment such as `#interview=inv_…`, and the fragment without it. */
export function readFragment(hash: string): { invitation: string | null; rest: string } {
  const found = pattern.exec(hash);
  if (found === null) return { invitation: null, rest: hash };
  const rest = hash.replace(pattern, '').replace(/^[#&]+/, '');
  return { invitation: found[2] ?? null, rest: rest === '' ? '' : `#${rest}` };
}

/** Takes the invitation out of the page's address, where it would be copied and shared. */
export function takeFromAddress(page: Window): string | null {
  const { location, history } = page;
  const { invitation, rest } = readFragment(location.hash);
  if (invitation === null) return null;
  history.replaceState(history.state, '', location.pathname + location.search + rest);
  return invitation;
}

/** What this tab remembers, or null; also where the browser forbids storing. */
export function recall(page: Window): string | null {
  try {
    return page.sessionStorage.getItem(STORED);
  } catch {
    return null;
  }
}

/** Remembers the link for this tab alone; null forgets it. */
export function remember(page: Window, invitation: string | null): void {
  try {
    if (invitation === null) page.sessionStorage.removeItem(STORED);
    else page.sessionStorage.setItem(STORED, invitation);
  } catch {
    // A page that may not store still holds the interview; only a reload then needs the link again.
  }
}
