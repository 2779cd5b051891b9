import { InterviewError } from '../errors.ts';
import { retryDelay } from '../signalling/retry-policy.ts';
import { closeCall, fail, type SessionContext } from './context.ts';
import { openCall } from './open-call.ts';

/** Calls that are tried before the candidate is asked. */
const ATTEMPTS = 4;

/** The call is gone: a new one takes its place, and the interviewer is told what was said. */
export async function reconnect(context: SessionContext, cause: string): Promise<void> {
  const { machine, media, ports, logger, view } = context;
  const { signal } = context.abort;
  logger.warn('The call was lost.', { cause });
  machine.go('reconnecting');
  let failure = new InterviewError('connection_lost', 'The call broke off.', { cause });
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    closeCall(context);
    await pause(retryDelay({ attempt, random: ports.random() }), signal);
    if (!machine.is('reconnecting') || signal.aborted) return;
    try {
      await openCall(context, media.track, 'reconnect', reconnect);
      if (machine.is('reconnecting')) machine.go('live');
      view.error = null;
      return;
    } catch (error) {
      failure = InterviewError.from(error);
      logger.warn('A new call failed.', { attempt, error });
      if (!failure.retryable) break;
    }
  }
  if (!machine.is('reconnecting')) return;
  const lost = new InterviewError('connection_lost', 'The call broke off.', { cause: failure });
  fail(context, failure.retryable ? lost : failure);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
