import { InterviewError, isInterviewErrorCode } from '../errors.ts';

/** What `interview-start` replied. @throws InterviewError by the code of its refusal */
export async function readResponse(response: Response): Promise<unknown> {
  const reply: unknown = await response.json().catch(() => null);
  if (response.ok) return reply;
  throw refusal(response.status, reply);
}

function refusal(status: number, reply: unknown): InterviewError {
  const { error } = (reply ?? {}) as {
    error?: { code?: unknown; message?: unknown; retryable?: unknown };
  };
  // A limit that no waiting lifts is told with the same status as one that is over soon.
  const busy = status >= 500 || (status === 429 && error?.retryable !== false);
  const other = busy ? 'start_unreachable' : 'start_refused';
  // The text changed while it was shown: it must be shown again.
  const told = error?.code === 'consent_outdated' ? 'consent_required' : error?.code;
  const message = `interview-start answered with ${status}.`;
  return new InterviewError(
    !busy && isInterviewErrorCode(told) ? told : other,
    typeof error?.message === 'string' ? error.message : message,
    { cause: reply },
  );
}
