import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seed, soak } from '../support/soak.ts';
import { Backend } from './backend.ts';
import { acksBeforeCommit, deletesBeforeAck } from './mutants.ts';
import { faultsOf, problemsOf, runSchedules } from './run-schedules.ts';
import type { Outcome } from './schedule.ts';

const count = soak ? 500 : 50;
const seeds = `seeds ${seed} to ${seed + count - 1}`;

let backend: Backend;
beforeAll(async () => {
  backend = await Backend.open();
}, 60_000);
afterAll(() => backend.close());

describe(`${count} schedules of faults, ${seeds}`, () => {
  let outcomes: Outcome[];
  let faults: Map<string, number>;
  beforeAll(async () => {
    const began = performance.now();
    outcomes = await runSchedules(backend, seed, count);
    faults = faultsOf(outcomes);
    const seconds = Math.round((performance.now() - began) / 1000);
    const rows = outcomes.reduce((sum, outcome) => sum + outcome.rows, 0);
    const pages = outcomes.reduce((sum, outcome) => sum + outcome.pages, 0);
    console.log(`${seeds}: ${rows} rows in ${pages} pages, ${seconds} s`);
    console.log([...faults].map(([fault, times]) => `${times} × ${fault}`).join('\n'));
  }, count * 6_000);

  it('lose no row, double none, keep their order, and let the session complete without a gap', () => {
    expect(problemsOf(outcomes)).toEqual([]);
  });

  it('have met every kind of fault', () => {
    const kinds = [
      /^killed before store/,
      /^killed after store/,
      /^killed (before|after) signaller/,
      /^killed before storage/,
      /^killed after storage/,
      /^socket cut before sending/,
      /^socket cut after sending/,
      /^socket cut before receiving/,
      /^(socket|request) duplicate sending/,
      /^socket late receiving/,
      /^request flushed/,
      /^refused/,
      /^answer lost/,
      /^function slow/,
      /^function asked twice/,
      /^page frozen/,
      /^second page/,
      /^disk full/,
    ];
    const met = [...faults.keys()];
    expect(kinds.filter((kind) => !met.some((fault) => kind.test(fault)))).toEqual([]);
  });

  const thorough = 'have killed pages and proxies at every one of their awaits';
  // Too few schedules would miss one now and then.
  if (soak)
    it(thorough, () => {
      const page = [
        'store.read',
        'store.append',
        'store.acknowledge',
        'signaller.request',
        'complete',
      ];
      const proxy = ['storage.sessionBrief', 'storage.storeEntries', 'storage.completeSession'];
      const points = [...page, ...proxy].flatMap((name) => [`before ${name}`, `after ${name}`]);
      expect(points.filter((point) => !faults.has(`killed ${point}`))).toEqual([]);
    });
});

describe('a product that', () => {
  it.each([
    ['deletes rows before they are acknowledged', deletesBeforeAck],
    ['acknowledges rows before they are committed', acksBeforeCommit],
  ])(
    '%s fails within 20 schedules',
    async (_, mutant) => {
      const outcomes = await runSchedules(backend, seed, 20, { mutant, untilProblem: true });
      const failed = outcomes.find(({ problems }) => problems.length > 0);
      console.log(`fails with seed ${String(failed?.seed)}, begun at ${seed}:`, failed?.problems);
      expect(failed).toBeDefined();
    },
    120_000,
  );
});
