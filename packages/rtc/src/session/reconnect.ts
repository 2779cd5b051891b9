import { InterviewError } from '../errors.ts';
import { retryDelay } from '../signalling/retry-policy.ts';
import { closeCall, fail, type SessionContext } from './context.ts';
import { openCall } from './open-call.ts';

/**
 * How long new calls are tried before the candidate is asked, milliseconds. By the wall clock, so that a computer that
 * slept does not try on for ever; whoever wakes gets one attempt in any case.
 */
const GIVE_UP_MS = 180_000;

/**
 * The call is gone: a new one takes its place, and the interviewer is told what was said. Loaded once a call is live.
 *
 * @param lostAt wall clock, milliseconds
 */
export async function reconnect(
  context: SessionContext,
  cause: string,
  lostAt: number,
): Promise<void> {
  const { machine, media, ports, logger, view } = context;
  const { signal } = context.abort;
  const until = lostAt + GIVE_UP_MS;
  let failure = new InterviewError('connection_lost', cause);
  const wanted = (): boolean => machine.is('reconnecting') && !signal.aborted;
  for (let attempt = 0; wanted(); attempt++) {
    closeCall(context);
    const { retryAfterMs } = failure;
    await pause(context, retryDelay({ attempt, random: ports.random(), retryAfterMs }));
    if (!wanted()) return;
    try {
      const { joined } = context;
      if (!joined) throw failure;
      const line = Promise.resolve({ signaller: joined.signaller, reason: 'reconnect' as const });
      await openCall(context, media.track, line, reconnect);
      if (machine.is('reconnecting')) machine.go('live');
      view.error = null;
      return;
    } catch (error) {
      failure = InterviewError.from(error);
      logger.warn('New call failed.', { attempt, error });
      if (!failure.retryable || ports.now() >= until) break;
    }
  }
  if (!wanted()) return;
  const lost = new InterviewError('connection_lost', failure.message, { cause: failure });
  fail(context, failure.retryable ? lost : failure);
}

/** Waits, but not longer than until the network is back or somebody presses «Try now». */
async function pause(context: SessionContext, ms: number): Promise<void> {
  const over = new AbortController();
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    over.signal.addEventListener('abort', () => clearTimeout(timer));
    context.hurry = resolve;
    context.abort.signal.addEventListener('abort', () => resolve(), { signal: over.signal });
    context.ports.onPage('network', resolve, over.signal);
  });
  over.abort();
  context.hurry = null;
}
