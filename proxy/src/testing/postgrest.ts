/** A reply as PostgREST gives it. */
export interface PostgrestReply {
  status: number;
  body: string;
}

/** Statuses of error classes (postgrest.org, "Errors": HTTP status codes), the longest prefix first. */
const statuses: readonly [string, number][] = [
  ['23503', 409],
  ['23505', 409],
  ['25006', 405],
  ['42501', 403],
  ['42883', 404],
  ['42P01', 404],
  ['P0001', 400],
  ['08', 503],
  ['53', 503],
  ['22', 400],
  ['23', 400],
  ['42', 400],
];

/** What PostgREST answers to a call of a function: its result, or its error by the SQLSTATE. */
export async function postgrest(call: () => Promise<unknown>): Promise<PostgrestReply> {
  try {
    return { status: 200, body: JSON.stringify((await call()) ?? null) };
  } catch (error) {
    const { code, message } = error as { code?: unknown; message?: unknown };
    const state = typeof code === 'string' ? code : 'XX000';
    const status = statuses.find(([prefix]) => state.startsWith(prefix))?.[1] ?? 500;
    const body = { code: state, message: String(message), details: null, hint: null };
    return { status, body: JSON.stringify(body) };
  }
}
