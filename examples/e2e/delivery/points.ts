import type { Random } from './random.ts';
import type { Weather } from './weather.ts';

/** What something that is dead waits for. */
export const never = (): Promise<never> => new Promise(() => undefined);

/**
 * The awaits of one process, numbered as they come. A killed process never gets past another one: what it asked for
 * before may still happen, as with a real one.
 */
export class Points {
  readonly #weather: Weather;
  readonly #kill: () => void;
  /** The number of the point at which it dies; null where it is spared. */
  #fatal: number | null;
  #number = 0;
  #spared = false;
  #thawed: Promise<unknown> = Promise.resolve();
  dead = false;

  /** @param most the point at which it dies is one of the first `most`, more often an early one */
  constructor(
    weather: Weather,
    random: Random,
    odds: 'killPage' | 'killProxy',
    most: number,
    kill: () => void,
  ) {
    this.#weather = weather;
    this.#kill = kill;
    const dies = random.chance(weather.odds[odds]);
    const number = random.between(1, random.between(1, most));
    this.#fatal = dies ? number : null;
  }

  /** It dies at the `count`-th point from here, unless it is spared or dies before. */
  doom(count: number): void {
    if (!this.#spared) this.#fatal = this.#number + count;
  }

  /** Spares it: it dies at none. */
  spare(): void {
    this.#spared = true;
    this.#fatal = null;
  }

  /** Stops at every point until `thawed` resolves. */
  freezeUntil(thawed: Promise<unknown>): void {
    this.#thawed = thawed;
  }

  async pass(name: string): Promise<void> {
    await this.#thawed;
    if (this.dead) return never();
    this.#number += 1;
    if (this.#number !== this.#fatal || this.#weather.calm) return;
    this.#weather.note(`killed ${name}`);
    this.#kill();
    return never();
  }

  /** `target` with a point before and behind each call of `methods`. */
  guard<T extends object>(label: string, target: T, methods: readonly (keyof T & string)[]): T {
    const points = new Map<string | symbol, unknown>();
    for (const method of methods) {
      const call = target[method] as (...args: unknown[]) => Promise<unknown>;
      points.set(method, async (...args: unknown[]) => {
        await this.pass(`before ${label}.${method}`);
        try {
          return await call.apply(target, args);
        } finally {
          await this.pass(`after ${label}.${method}`);
        }
      });
    }
    return new Proxy(target, {
      get: (_, name) => {
        const guarded = points.get(name);
        if (guarded !== undefined) return guarded;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  }
}
