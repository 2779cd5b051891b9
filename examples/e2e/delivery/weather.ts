import type { Random } from './random.ts';

/** How likely each fault is where it can happen, 0 to 1. */
export interface Odds {
  /** A page is killed at one of its numbered points. */
  killPage: number;
  /** A proxy is killed at one of its numbered points. */
  killProxy: number;
  /** A page's connection is cut at a message, a message is sent twice, or comes late. */
  cut: number;
  duplicate: number;
  late: number;
  /** The function, or what lies before it, fails; is slow; is asked twice. */
  fail: number;
  slow: number;
  twice: number;
}

/** What goes wrong in one schedule, and a record of what did. It clears up at the end, so that every schedule ends. */
export class Weather {
  readonly odds: Odds;
  /** How often each fault happened, by its name. */
  readonly record = new Map<string, number>();
  calm = false;

  constructor(random: Random) {
    // Each kind is off in some schedules and rages in others: together they would hide each other.
    const some = (...levels: number[]): number => random.pick([0, ...levels]);
    this.odds = {
      killPage: some(0.4, 0.8),
      killProxy: some(0.3, 0.7),
      cut: some(0.03, 0.1),
      duplicate: some(0.05, 0.2),
      late: some(0.1, 0.4),
      fail: some(0.05, 0.2),
      slow: some(0.1, 0.4),
      twice: some(0.1, 0.3),
    };
  }

  /** Decides whether a fault happens now. */
  strikes(random: Random, odds: keyof Odds, name: string): boolean {
    // Drawn even when it is calm: what one part draws must not depend on when that was.
    const strikes = random.chance(this.odds[odds]) && !this.calm;
    if (strikes) this.note(name);
    return strikes;
  }

  /** One of `faults`, or null where none happens now. */
  choose<T extends string>(random: Random, odds: keyof Odds, faults: readonly T[]): T | null {
    const fault = random.pick(faults);
    return this.strikes(random, odds, fault) ? fault : null;
  }

  note(name: string): void {
    this.record.set(name, (this.record.get(name) ?? 0) + 1);
  }
}
