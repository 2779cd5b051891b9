import type { Backend, Session } from './backend.ts';
import type { Row } from '../../../packages/rtc/src/delivery/outbox.ts';
import { Browser } from './browser.ts';
import { rowsLeft } from './disk.ts';
import { unchanged, type Mutant } from './mutants.ts';
import { Page } from './page.ts';
import { ProxyProcess } from './proxy-process.ts';
import { Random } from './random.ts';
import { Reference } from './reference.ts';
import { RowMaker } from './rows.ts';
import { Weather } from './weather.ts';

/** What came of one schedule. */
export interface Outcome {
  seed: number;
  /** Empty when nothing was lost or doubled, everything is in order and the session completed. */
  problems: string[];
  /** How often which fault happened. */
  faults: ReadonlyMap<string, number>;
  rows: number;
  pages: number;
}

/** Attempts to complete before the weather clears up. */
const STORMY_ATTEMPTS = 4;
const MAX_ATTEMPTS = 30;
/** A schedule that takes longer hangs, milliseconds. */
const LIMIT_MS = 150_000;

/** One interview in one browser, with everything that goes wrong in it following from the seed. */
export async function runSchedule(
  seed: number,
  backend: Backend,
  mutant: Mutant = unchanged,
): Promise<Outcome> {
  const schedule = new Schedule(seed, backend, mutant);
  return schedule.run();
}

class Schedule {
  readonly #seed: number;
  readonly #backend: Backend;
  readonly #mutant: Mutant;
  readonly #random: Random;
  readonly #weather: Weather;
  readonly #browser = new Browser();
  readonly #reference = new Reference();
  readonly #pages: Page[] = [];
  /** Rows that are being stored. */
  readonly #storing = new Set<Promise<void>>();

  constructor(seed: number, backend: Backend, mutant: Mutant) {
    this.#seed = seed;
    this.#backend = backend;
    this.#mutant = mutant;
    this.#random = new Random(`seed ${seed}`);
    this.#weather = new Weather(this.#random.stream('weather'));
  }

  async run(): Promise<Outcome> {
    const session = await this.#backend.newSession();
    const proxy = await ProxyProcess.start({
      backend: this.#backend,
      weather: this.#weather,
      random: this.#random.stream('proxy'),
      mutate: this.#mutant.storage,
    });
    try {
      const completed = await Promise.race([this.#go(session, proxy), after(LIMIT_MS)]);
      const problems = await this.#reference.compare(this.#backend, session);
      if (completed) problems.push(...(await this.#traces(session)));
      return {
        seed: this.#seed,
        problems: completed ? problems : ['the session did not complete', ...problems],
        faults: this.#weather.record,
        rows: this.#reference.length,
        pages: this.#pages.length,
      };
    } finally {
      for (const page of this.#pages) page.close();
      await proxy.close();
    }
  }

  /** True when the session completed. */
  async #go(session: Session, proxy: ProxyProcess): Promise<boolean> {
    await this.#interview(session, proxy);
    const random = this.#random.stream('finish');
    // Often everything was closed, and a page that comes back ends the interview.
    if (random.chance(0.5)) for (const page of this.#pages) page.kill();
    return this.#finish(session, proxy, random);
  }

  /** A completed interview leaves no word in the browser. */
  async #traces(session: Session): Promise<string[]> {
    // What a disk could not show may not be deleted either.
    if (this.#weather.record.has('disk too slow')) return [];
    const rows = await rowsLeft(this.#browser.disk, session.id);
    return rows === 0 ? [] : [`${rows} rows are left in the browser`];
  }

  /** Hands rows over, a few at a time, while pages come and go. */
  async #interview(session: Session, proxy: ProxyProcess): Promise<void> {
    const random = this.#random.stream('interview');
    const rows = new RowMaker(this.#random.stream('rows'), session.call);
    for (let left = random.between(5, 30); left > 0; left -= 1) {
      const page = await this.#pickPage(session, proxy, random);
      const stored = this.#hand(page, rows.next());
      this.#storing.add(stored);
      void stored.finally(() => this.#storing.delete(stored));
      if (random.chance(0.5)) await stored;
      if (random.chance(0.5)) await after(random.between(0, 15));
      this.#disturb(page, proxy, random);
    }
    await Promise.all(this.#storing);
  }

  /** Resolves when the row is stored, or the page died over it. */
  async #hand(page: Page, row: Row): Promise<void> {
    const tellStored = this.#reference.hand(page.writer, row);
    if (await page.append(row)) tellStored();
  }

  /** What happens to a page, or to the proxy, by itself. */
  #disturb(page: Page, proxy: ProxyProcess, random: Random): void {
    const dice = random.next();
    const note = (fault: string): void => this.#weather.note(fault);
    if (dice < 0.04 && !page.spared) {
      note('page left');
      page.leave();
    } else if (dice < 0.07 && !page.spared) {
      note('page crashed');
      page.kill();
    } else if (dice < 0.1) {
      note('network lost');
      page.network.cut();
    } else if (dice < 0.13) {
      note('proxy crashed');
      proxy.kill();
    } else if (dice < 0.14) {
      note('page frozen');
      page.freezeUntil(after(random.between(200, 2_500)));
    }
  }

  /** A page that lives: mostly the one there is, sometimes a second one beside it. */
  async #pickPage(session: Session, proxy: ProxyProcess, random: Random): Promise<Page> {
    for (;;) {
      const alive = this.#pages.filter((page) => page.alive);
      const another = random.chance(0.04) && alive.length < 3;
      if (alive.length > 0 && !another) return random.pick(alive);
      if (alive.length > 0) this.#weather.note('second page');
      await this.#openPage(session, proxy, random);
    }
  }

  async #openPage(session: Session, proxy: ProxyProcess, random: Random): Promise<void> {
    const full = random.chance(0.06);
    const fullAfter = full ? random.between(0, 10) : null;
    if (full) this.#weather.note('disk full');
    const page = new Page({
      session,
      browser: this.#browser,
      address: proxy.address,
      weather: this.#weather,
      random: this.#random.stream(`page ${this.#pages.length}`),
      mutate: this.#mutant.signaller,
      fullAfter,
    });
    this.#pages.push(page);
    await page.open();
  }

  /** Asks for the completion until it is had; pages may die over it. */
  async #finish(session: Session, proxy: ProxyProcess, random: Random): Promise<boolean> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      if (attempt >= STORMY_ATTEMPTS) this.#weather.calm = true;
      const page = await this.#pickPage(session, proxy, random);
      // The end has awaits of its own, which a page that was begun long ago would seldom die at.
      if (random.chance(this.#weather.odds.killPage / 2)) page.doom(random.between(1, 12));
      if ((await page.complete()) !== 'completed') continue;
      this.#weather.calm = true;
      // A page whose disk was full has rows of which the others don't know.
      const alive = this.#pages.filter((one) => one.alive);
      await Promise.all(alive.map((one) => one.drained(60_000)));
      await page.forget();
      return true;
    }
    return false;
  }
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
