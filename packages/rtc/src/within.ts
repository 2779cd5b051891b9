import { InterviewError, type InterviewErrorCode } from './errors.ts';

/**
 * What `work` gives, or whatever comes first: its deadline, or the end. The work itself goes on; nobody waits for it.
 *
 * @param deadlineMs milliseconds; undefined where the work has a deadline of its own
 * @param late code of the error at the deadline
 * @throws InterviewError of `late`; what `work` or `signal` was ended with
 */
export function within<T>(
  work: Promise<T>,
  deadlineMs: number | undefined,
  late: InterviewErrorCode,
  signal?: AbortSignal,
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const abort = (): void => reject(signal?.reason);
  const timer = deadlineMs && setTimeout(() => reject(new InterviewError(late)), deadlineMs);
  signal?.addEventListener('abort', abort);
  if (signal?.aborted) abort();
  work.then(resolve, reject);
  return promise.finally(() => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  });
}
