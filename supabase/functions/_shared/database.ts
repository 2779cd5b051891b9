import { isErrorCode } from '@interview/protocol';
import * as z from 'zod/mini';
import { Refusal } from './refusal.ts';

/**
 * Calls a function of the database by name and returns its JSON. Throws a Refusal `storage_unavailable` where the
 * database does not answer.
 */
export type Rpc = (name: string, args: Record<string, unknown>) => Promise<unknown>;

const Refused = z.object({ error: z.string(), contact: z.optional(z.string()) });

/**
 * Calls a function of the database and reads its result.
 *
 * @throws Refusal with the code that the database gave
 * @throws Error where the result is not of the shape, which is a fault of ours
 */
export async function call<T extends z.ZodMiniType>(
  rpc: Rpc,
  name: string,
  args: Record<string, unknown>,
  shape: T,
): Promise<z.infer<T>> {
  const result = await rpc(name, args);
  const refused = Refused.safeParse(result);
  if (refused.success) {
    if (!isErrorCode(refused.data.error)) throw new Error(`${name} gave an unknown refusal`);
    throw refusalWithContact(new Refusal(refused.data.error), refused.data.contact);
  }
  const read = shape.safeParse(result);
  if (!read.success) {
    const fields = read.error.issues.map((issue) => issue.path.map(String).join('.'));
    throw new Error(`${name} gave an unexpected result: ${fields.join(', ')}`);
  }
  return read.data;
}

function refusalWithContact(refusal: Refusal, contact: string | undefined): Refusal {
  if (contact === undefined) return refusal;
  return new Refusal(refusal.code, `${refusal.message} Your contact: ${contact}.`);
}
