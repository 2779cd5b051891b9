import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const conditions = ['source', 'node', 'development|production'];

export default defineConfig(({ mode }) => ({
  root: fileURLToPath(new URL('.', import.meta.url)),
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    name: 'e2e',
    // Read by `support/soak.ts`: `--mode soak` runs long; a number behind it (`soak-7`, or `seed-7`) is the seed.
    provide: { soak: mode.startsWith('soak'), seed: Number(mode.split('-')[1] ?? 1) },
    include: ['*.test.ts', 'faults/*.test.ts'],
    globalSetup: ['support/stack.ts'],
    // One stack, one simulator, two processors: what runs at once would hear each other.
    fileParallelism: false,
    testTimeout: 90_000,
    hookTimeout: 60_000,
  },
}));
