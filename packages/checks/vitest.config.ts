import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { findPostgres } from '../../supabase/tests/postgres-cluster.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const postgres = findPostgres();
const conditions = ['source', 'node', 'development|production'];

/** Talks over real WebRTC, where waiting for a processor changes what is heard, and answers promised within a second. */
const timely = [
  'packages/*/src/**/*.media.test.ts',
  'proxy/src/**/*.media.test.ts',
  'proxy/src/routes/hostile-input.test.ts',
];

export default defineConfig(({ mode }) => ({
  root,
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    // Many of them wait for sound, clocks and processes; a third at a time would keep the talks beside them waiting.
    maxWorkers: 2,
    // Read by `examples/e2e/support/soak.ts`: `--mode soak` runs long; a number behind it (`soak-7`, or `seed-7`) is the seed.
    provide: { soak: mode.startsWith('soak'), seed: Number(mode.split('-')[1] ?? 1) },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // Those that wait for nothing but the processor share two with browsers and talks.
          testTimeout: 20_000,
          include: [
            'packages/*/src/**/*.test.ts',
            'proxy/src/**/*.test.ts',
            'supabase/functions/**/*.test.ts',
          ],
          exclude: ['**/node_modules/**', '**/*.browser.test.ts', ...timely],
        },
      },
      {
        extends: true,
        test: {
          name: 'media',
          testTimeout: 30_000,
          include: timely,
        },
      },
      {
        extends: true,
        test: {
          name: 'sql',
          include: ['supabase/tests/**/*.test.ts', 'examples/e2e/delivery/*.test.ts'],
          globalSetup: 'supabase/tests/engines.ts',
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      // What another version could see otherwise, and what only several connections show, on a real Postgres too.
      ...(postgres === null
        ? []
        : [
            {
              extends: true as const,
              test: {
                name: 'sql-postgres',
                include: ['access', 'schema', 'firm-ground', 'linter', 'invitations', 'calls'].map(
                  (name) => `supabase/tests/${name}.test.ts`,
                ),
                env: { SQL_ENGINE: 'postgres' },
                globalSetup: 'supabase/tests/postgres-setup.ts',
                testTimeout: 60_000,
                hookTimeout: 60_000,
              },
            },
          ]),
    ],
  },
}));
