/** An object of the wire, of which nothing is known yet. */
export type Fields = Record<string, unknown>;

/** Finds a value among the fields of an object. @throws Error naming the field that is not there as it should be */
export type Read<T> = (fields: Fields) => T;

/** Where each property of `T` is found. */
export type Shape<T> = { readonly [P in keyof T]-?: Read<T[P]> };

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads an object property by property. */
export function object<T>(shape: Shape<T>): Read<T> {
  return (fields) => {
    const found: Partial<T> = {};
    for (const name in shape) found[name] = shape[name](fields);
    return found as T;
  };
}

/** Reads in an object within; what is no object has no fields. */
export function within<T>(key: string, read: Read<T>): Read<T> {
  return ({ [key]: value }) => read(isFields(value) ? value : {});
}

/** Reads each object of a list; what is no list is an empty one. */
export function list<T>(key: string, read: Read<T>): Read<T[]> {
  return ({ [key]: value }) =>
    Array.isArray(value) ? value.map((one) => read(isFields(one) ? one : {})) : [];
}

/** Reads a text. `otherwise` says what stands for it where there is none. */
export function text<T = never>(key: string, otherwise: Read<T> = missing(key)): Read<string | T> {
  return (fields) => {
    const value = fields[key];
    return typeof value === 'string' ? value : otherwise(fields);
  };
}

/** Reads a finite number. `otherwise` says what stands for it where there is none. */
export function number(key: string, otherwise: Read<number> = missing(key)): Read<number> {
  return (fields) => {
    const value = fields[key];
    return typeof value === 'number' && Number.isFinite(value) ? value : otherwise(fields);
  };
}

/** Reads a word of a closed set; null for any other. */
export function oneOf<T extends string>(key: string, ...allowed: T[]): Read<T | null> {
  return (fields) => allowed.find((one) => one === fields[key]) ?? null;
}

/** Stands for what may be absent. */
export const nothing: Read<null> = () => null;

/** Stands for a text that may be absent. */
export const empty: Read<''> = () => '';

function missing(key: string): Read<never> {
  return () => {
    throw new Error(`no ${key}`);
  };
}
