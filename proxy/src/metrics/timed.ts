import { asProxyError } from '../proxy-error.ts';
import type { Outcome } from './meter.ts';

/**
 * The same object, whose promises tell how long they took and how they came out. Whatever else it has, now or later,
 * passes through.
 *
 * @param told is given the method's name, the outcome and the time, seconds
 */
export function timed<T extends object>(
  target: T,
  told: (method: string, outcome: Outcome, seconds: number) => void,
): T {
  const made = new Map<string, { of: object; method: unknown }>();
  return new Proxy(target, {
    get(_, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== 'function' || typeof key === 'symbol') return value;
      let known = made.get(key);
      if (known?.of !== value) {
        const one = (...given: unknown[]): unknown => Reflect.apply(value, target, given);
        known = { of: value, method: timedMethod(one, (...how) => told(key, ...how)) };
        made.set(key, known);
      }
      return known.method;
    },
  });
}

function timedMethod(
  method: (...given: unknown[]) => unknown,
  told: (outcome: Outcome, seconds: number) => void,
) {
  return (...given: unknown[]): unknown => {
    const began = performance.now();
    const result = method(...given);
    if (!(result instanceof Promise)) return result;
    const tell = (outcome: Outcome): void => told(outcome, (performance.now() - began) / 1000);
    void result.then(
      () => tell('ok'),
      (error: unknown) => tell(asProxyError(error).code),
    );
    return result;
  };
}
