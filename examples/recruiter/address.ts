/** Places of the desk. */
export const views = ['sessions', 'invitations', 'plans', 'plan', 'keys', 'webhooks'] as const;
export type View = (typeof views)[number];

/**
 * The address: `#session=<id>`, `#invitations`, `#plans`, `#plan=<id>` or `#plan=new`, `#keys`, `#webhooks`; else the
 * sessions.
 */
export function addressed(): { view: View; id: string | null } {
  const [[name = '', id = ''] = []] = new URLSearchParams(location.hash.slice(1));
  if (name === 'plan') return { view: 'plan', id };
  const view = views.find((one) => one === name) ?? 'sessions';
  return { view, id: name === 'session' ? id : null };
}
