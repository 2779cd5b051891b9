/** Waits for `ms` milliseconds, or rejects with `reason` as soon as `signal` gives up, also where it already has. */
export async function delay(ms: number, signal: AbortSignal, reason: unknown): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const giveUp = (): void => {
      clearTimeout(timer);
      reject(reason instanceof Error ? reason : new Error('given up'));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', giveUp);
      resolve();
    }, ms);
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
  });
}
