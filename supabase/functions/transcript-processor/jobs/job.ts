import * as z from 'zod/mini';
import type { Rpc } from '../../_shared/database.ts';
import type { Resolve } from '../webhooks/post-webhook.ts';

/** A piece of work that this run holds. */
export const Job = z.object({
  job_id: z.int(),
  /** Fences what an earlier run of it still sends. */
  attempt: z.int(),
  /** How often it was wanted when it was claimed. */
  wanted: z.int(),
  kind: z.string(),
  tenant_id: z.uuid(),
  /** Null where it is a whole tenant's. */
  session_id: z.nullable(z.uuid()),
  /** What it is about, where a session or a tenant has several of its kind. */
  subject: z.string(),
});
export type Job = z.infer<typeof Job>;

/** What jobs are run with. */
export interface JobDependencies {
  rpc: Rpc;
  /** Everything runs on this machine. */
  local: boolean;
  /** The time, milliseconds. */
  now: () => number;
  /** Finds a host's addresses; by the system's DNS where it isn't given. */
  resolve?: Resolve;
}

/** Does a job; whatever it throws but a refusal of the database puts it back. Running it twice must change nothing. */
export type Run = (deps: JobDependencies, job: Job) => Promise<void>;
