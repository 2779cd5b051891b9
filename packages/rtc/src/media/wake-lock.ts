import type { Ports } from '../options.ts';

/**
 * Keeps the screen on until `signal` is aborted. The browser takes the lock back when the page is hidden, so it is asked
 * for again whenever the page is seen. A browser that refuses (low battery) lets the screen go dark.
 */
export function holdWakeLock(
  { wakeLock = navigator.wakeLock, onPage }: Pick<Ports, 'wakeLock' | 'onPage'>,
  signal: AbortSignal,
): void {
  if (!wakeLock || signal.aborted) return;
  const take = (): Promise<WakeLockSentinel | null> => wakeLock.request('screen').catch(() => null);
  let lock = take();
  const again = async (): Promise<void> => {
    const held = lock;
    if ((await held)?.released !== false && !signal.aborted && held === lock) lock = take();
  };
  onPage('visible', () => void again(), signal);
  signal.addEventListener('abort', () => void lock.then((held) => held?.release()));
}
