import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    soak: boolean;
    seed: number;
  }
}

/** True under `npm run soak`, which passes `--mode soak`: tests that can run long do so then. */
export const soak = inject('soak');

/**
 * Where seeded tests begin: 7 under `--mode soak-7` and under `--mode seed-7`, else 1. They print it, so that it can be
 * given again.
 */
export const seed = inject('seed');
