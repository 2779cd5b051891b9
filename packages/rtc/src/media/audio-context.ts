import type { Ports } from '../options.ts';

/** What counts as a gesture everywhere; Safari on iOS does not click on what is no control. */
const GESTURES = ['click', 'touchend', 'keydown'] as const;

/**
 * Opens the page's audio context and keeps it running: a call, another app or a new headset may halt it (`suspended`, on
 * iOS `interrupted`), and then it goes on at once, when the page is seen again, or in the next gesture. Closed when
 * `signal` is aborted; null where there is none.
 */
export function openAudioContext(
  { createAudioContext, onPage }: Pick<Ports, 'createAudioContext' | 'onPage'>,
  signal: AbortSignal,
): AudioContext | null {
  const context = createAudioContext?.() ?? null;
  if (!context) return null;
  const wake = (): void => {
    if (context.state !== 'running') context.resume().catch(() => undefined);
  };
  context.addEventListener('statechange', wake, { signal });
  onPage('visible', wake, signal);
  if ('document' in globalThis) {
    for (const gesture of GESTURES) addEventListener(gesture, wake, { signal });
  }
  signal.addEventListener('abort', () => {
    context.close().catch(() => undefined);
  });
  return context;
}
