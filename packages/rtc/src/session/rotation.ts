/** So long before the end a quiet moment is looked for, milliseconds; of a short life a sixth. */
const EARLY_MS = 300_000;
const LOOK_MS = 1_000;

/** What a rotation needs. */
export interface RotationOptions {
  /** When the provider ends the call, milliseconds on the clock of `now`. */
  endMs: number;
  now: () => number;
  /** Nobody speaks. */
  quiet: () => boolean;
  /** Takes a new call in place of this one. */
  rotate: () => void;
  /** Aborted when the call is over. */
  signal: AbortSignal;
}

/**
 * Moves a long interview to a new call before the provider ends the old one: in the first quiet moment of the last
 * minutes, and without waiting for one when little is left.
 */
export function rotateBefore({ endMs, now, quiet, rotate, signal }: RotationOptions): void {
  const left = endMs - now();
  if (left <= 0 || signal.aborted) return;
  const early = Math.min(EARLY_MS, left / 6);
  const look = (): void => {
    if (quiet() || endMs - now() <= early / 5) rotate();
    else timer = setTimeout(look, Math.min(LOOK_MS, early / 5));
  };
  let timer = setTimeout(look, left - early);
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
}
