import type { Invitation } from './recruiting.ts';

/** Where an invitation stands, in a word and as a class of the page's style. */
export function stateOf(invitation: Invitation): { state: string; label: string } {
  const { revoked_at, expires_at, uses, max_uses, interview_sessions: sessions } = invitation;
  if (revoked_at !== null) return { state: 'revoked', label: 'Revoked' };
  if (sessions.some(({ status }) => status === 'active' || status === 'ending')) {
    return { state: 'active', label: 'Talking now' };
  }
  const done = sessions.filter(({ status }) => status === 'completed').length;
  if (max_uses > 1 && uses < max_uses && !isPast(expires_at)) {
    return { state: 'open', label: `Open, ${uses} of ${max_uses} used` };
  }
  if (max_uses > 1 && uses > 0) {
    return { state: 'completed', label: `${uses} used, ${done} completed` };
  }
  if (done > 0) return { state: 'completed', label: 'Completed' };
  if (uses > 0) return { state: 'used', label: 'Used' };
  if (isPast(expires_at)) return { state: 'expired', label: 'Expired' };
  return { state: 'open', label: 'Open' };
}

/** Whether anything can still come of it, so that sending it again makes sense. */
export function canResend({ revoked_at, uses, max_uses, interview_sessions }: Invitation): boolean {
  const isOver = interview_sessions.every(({ status }) =>
    ['completed', 'abandoned', 'cancelled'].includes(status),
  );
  return revoked_at === null && (uses < max_uses || !isOver);
}

/** Whether more time can still be given: to one person, before the start. */
export function canDecide({ revoked_at, max_uses, interview_sessions }: Invitation): boolean {
  const isBegun = interview_sessions.some(
    ({ status, started_at: started }) => started !== null && status !== 'cancelled',
  );
  return revoked_at === null && max_uses === 1 && !isBegun;
}

function isPast(timestamp: string): boolean {
  return Date.parse(timestamp) <= Date.now();
}
