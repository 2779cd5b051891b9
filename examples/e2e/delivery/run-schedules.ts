import type { Backend } from './backend.ts';
import type { Mutant } from './mutants.ts';
import { runSchedule, type Outcome } from './schedule.ts';

/** Schedules mostly wait, so that many run beside each other. */
const AT_ONCE = 12;

/**
 * Runs the schedules of `count` seeds from `first` on.
 *
 * @param mutant a product that is changed
 * @param untilProblem stops when one was found
 */
export async function runSchedules(
  backend: Backend,
  first: number,
  count: number,
  { mutant, untilProblem = false }: { mutant?: Mutant; untilProblem?: boolean } = {},
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let next = first;
  let stopped = false;
  const work = async (): Promise<void> => {
    while (next < first + count && !stopped) {
      const seed = next++;
      const outcome = await runSchedule(seed, backend, mutant);
      outcomes.push(outcome);
      stopped ||= untilProblem && outcome.problems.length > 0;
    }
  };
  await Promise.all(Array.from({ length: untilProblem ? 4 : AT_ONCE }, work));
  return outcomes.sort((a, b) => a.seed - b.seed);
}

/** Where something was lost, doubled or out of order, by seed. */
export function problemsOf(outcomes: readonly Outcome[]): string[] {
  return outcomes.flatMap(({ seed, problems }) => problems.map((one) => `seed ${seed}: ${one}`));
}

/** How often which fault happened in all of them. */
export function faultsOf(outcomes: readonly Outcome[]): Map<string, number> {
  const sum = new Map<string, number>();
  for (const [fault, times] of outcomes.flatMap(({ faults }) => [...faults])) {
    sum.set(fault, (sum.get(fault) ?? 0) + times);
  }
  return new Map([...sum].sort(([a], [b]) => a.localeCompare(b)));
}
