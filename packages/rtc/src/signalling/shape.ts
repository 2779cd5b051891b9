/*
 * What comes from our own server is checked by hand: type and presence of what is read, nothing else. A validator
 * would weigh a third of this package.
 */

/** True when a value is what it should be. */
export type Check = (value: unknown) => boolean;

/** A check for each field of `T`, so that a field that the protocol adds can't be forgotten. */
export type ShapeOf<T> = { readonly [K in keyof T]-?: Check };

export const isText: Check = (value) => typeof value === 'string';
export const isNumber: Check = (value) => typeof value === 'number' && Number.isFinite(value);
export const isFlag: Check = (value) => typeof value === 'boolean';
export const isAnything: Check = () => true;

/** Plain fields by name. */
export function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);

export const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);

export const orMissing =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

/** An object with these fields; others are let be, since a newer server may know more. */
export const shape =
  <T>(fields: ShapeOf<T>): Check =>
  (value) =>
    isFields(value) && Object.entries<Check>(fields).every(([name, check]) => check(value[name]));
