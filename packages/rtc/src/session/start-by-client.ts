import type { FunctionsClient, StepRequest } from '../options.ts';
import { readResponse } from './read-response.ts';

/** Asks `interview-start` by a supabase-js client. Loaded on demand. @throws InterviewError, or what the client gives */
export async function startByClient(
  { functions }: FunctionsClient,
  body: StepRequest,
  signal: AbortSignal,
): Promise<unknown> {
  const { data, error } = await functions.invoke('interview-start', { body, signal });
  if (!error) return data;
  // A refusal carries its response along; other errors mean that nobody was reached.
  const { context } = error as { context?: unknown };
  if (context instanceof Response) return readResponse(context);
  throw error as Error;
}
