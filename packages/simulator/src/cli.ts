#!/usr/bin/env node
import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { Scenario, startSimulator } from './index.ts';

const help = `An OpenAI-compatible Realtime peer that needs no key.

Usage: interview-simulator [--port 8090] [--host 127.0.0.1] [--scenario file.json]

  --port      port of the HTTP side            (or PORT)
  --host      address of the HTTP side         (or HOST)
  --scenario  JSON file that says what happens (or SIMULATOR_SCENARIO)
  --help      this text

Point an OpenAI client at http://127.0.0.1:8090/v1 with any key.`;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: process.env['PORT'] ?? '8090' },
    host: { type: 'string', default: process.env['HOST'] ?? '127.0.0.1' },
    scenario: { type: 'string', default: process.env['SIMULATOR_SCENARIO'] ?? '' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(help);
} else {
  const scenario =
    values.scenario === ''
      ? {}
      : Scenario.parse(JSON.parse(await readFile(values.scenario, 'utf8')));
  const simulator = await startSimulator({
    port: Number(values.port),
    host: values.host,
    scenario,
  });
  console.log(`Simulator: ${simulator.url}`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      // Native threads may outlive everything else, so the exit is told.
      void simulator.close().finally(() => process.exit(0));
    });
  }
}
