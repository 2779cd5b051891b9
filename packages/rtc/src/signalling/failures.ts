import { InterviewError } from '../errors.ts';

/** The error of a deadline that passed, for a caller to tell from a lost connection. */
export function overdue(what: string, deadlineMs: number): InterviewError {
  return new InterviewError('proxy_timeout', `«${what}» took longer than ${deadlineMs} ms.`);
}

/** The error of a connection that is lost or was never there. */
export function unreachable(): InterviewError {
  return new InterviewError('proxy_unreachable');
}
