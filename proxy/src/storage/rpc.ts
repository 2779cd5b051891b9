import { isErrorCode } from '@interview/protocol';
import type { SupabaseClient } from '@supabase/supabase-js';
import * as z from 'zod';
import type { Database, Json } from '../../../supabase/database.types.ts';
import { ProxyError } from '../proxy-error.ts';
import { refused, unavailable } from './refused.ts';

type Functions = Database['public']['Functions'];

/** What a function of the database takes: JSON of any shape, and null wherever it takes anything. */
type Parameters<Name extends keyof Functions> = {
  [Key in keyof Functions[Name]['Args']]: Json extends Functions[Name]['Args'][Key]
    ? unknown
    : Functions[Name]['Args'][Key] | null;
};

/** Calls a function of the database by name, and reads what it answers. */
export type Rpc = <Name extends keyof Functions, T>(
  name: Name,
  parameters: Parameters<Name>,
  schema: Schema<T>,
) => Promise<T>;

export interface Schema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false };
}

/** What most changes answer. */
export const Verdict = z.object({ ok: z.boolean() });

const Refusal = z.object({ error: z.string() });

/** Values that the database can not hold, whoever sends them and however often (Postgres, appendix A: class 22). */
const DATA_EXCEPTION = /^22[0-9A-Z]{3}$/;

/** RPCs over a project's API. They reject with `storage_unavailable`, `bad_request` or the refusal. */
export function caller(client: SupabaseClient): Rpc {
  return async (name, parameters, schema) => {
    const reply = await client.rpc(name, parameters);
    if (!reply.error) return read(name, reply.data, schema);
    const { code } = reply.error;
    if (DATA_EXCEPTION.test(code)) {
      const cause = new Error(`${name} failed: ${code}`);
      throw new ProxyError('bad_request', 'It holds what can not be stored.', { cause });
    }
    throw unavailable(`${name} failed: ${code}`);
  };
}

/** Reads an answer: a refusal is thrown, and what has no known shape counts as no answer. */
export function read<T>(name: string, data: unknown, schema: Schema<T>): T {
  const refusal = Refusal.safeParse(data);
  if (refusal.success && isErrorCode(refusal.data.error)) throw refused(refusal.data.error);
  const parsed = schema.safeParse(data);
  if (!parsed.success) throw unavailable(`${name} answered in an unknown shape`);
  return parsed.data;
}
