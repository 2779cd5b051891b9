/** The token comes in the fragment, which no server sees; it does not stay in the address bar. */
export function takeInvitation(): string | null {
  const invitation = new URLSearchParams(location.hash.slice(1)).get('interview');
  if (invitation !== null) history.replaceState(null, '', location.pathname);
  return invitation;
}
