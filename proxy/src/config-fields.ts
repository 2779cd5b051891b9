import * as z from 'zod';

// What a variable of the environment may hold; an empty one counts as missing.

const MIN_SECRET_BYTES = 32;
const MIN_METRICS_TOKEN_CHARS = 16;

export const blankAsMissing = (value: unknown): unknown => (value === '' ? undefined : value);
export const text = z.preprocess(blankAsMissing, z.string());
export const optionalText = z.preprocess(blankAsMissing, z.string().optional());
export const withDefault = (value: string) =>
  z.preprocess(blankAsMissing, z.string().default(value));
const url = z
  .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
  .transform((address) => address.replace(/\/+$/, ''));
export const httpUrl = (value?: string) =>
  z.preprocess((given) => blankAsMissing(given) ?? value, url);
export const optionalHttpUrl = z.preprocess(blankAsMissing, url.optional());
export const list = <T extends z.ZodType>(item: T) =>
  z.preprocess(
    (value) =>
      typeof value === 'string'
        ? value
            .split(',')
            .map((one) => one.trim())
            .filter((one) => one !== '')
        : [],
    z.array(item),
  );
export const secret = z
  .string({ error: 'is missing' })
  .refine((value) => Buffer.byteLength(value) >= MIN_SECRET_BYTES, {
    error: `must have at least ${MIN_SECRET_BYTES} bytes`,
  });
export const metricsToken = z.string().min(MIN_METRICS_TOKEN_CHARS, {
  error: `must have at least ${MIN_METRICS_TOKEN_CHARS} characters`,
});
export const redisUrl = z.url({ protocol: /^rediss?$/, error: 'must be a redis or rediss URL' });
export const count = (value: number) =>
  z.preprocess(blankAsMissing, z.coerce.number().int().min(1).default(value));
/** A line break at its end, as files of secrets have, is not part of a key. */
export const trimmed = (value: unknown): unknown =>
  blankAsMissing(typeof value === 'string' ? value.trim() : value);
export const apiKey = z.string().regex(/^[\x21-\x7e]+$/, { error: 'holds what no key holds' });
export const origin = z
  .string()
  .refine((value) => URL.canParse(value) && new URL(value).origin === value, {
    error: 'must be a list of origins, such as https://example.com,https://www.example.com',
  });
