import * as z from 'zod/mini';
import { credentialOf } from '../_shared/credential.ts';
import { call, type Rpc } from '../_shared/database.ts';
import { endpoint, type EndpointOptions } from '../_shared/endpoint.ts';
import { readJson } from '../_shared/read-json.ts';
import { malformed, Refusal } from '../_shared/refusal.ts';
import { isOneOf } from '../_shared/secrets.ts';
import { exportReport, ExportRequest } from './export/export-report.ts';
import { buildReport, ReportSource } from './report.ts';

/** What `transcript-processor` is built of. */
export interface ProcessorDependencies extends EndpointOptions {
  rpc: Rpc;
  /** Keys of the service: nobody else may ask for work. */
  secretKeys: readonly string[];
  /** The database with the rights of an account: its token, and the key of the project that came with it. */
  memberRpc: (token: string, key: string) => Rpc;
  /** The time, milliseconds. */
  now: () => number;
}

const MAX_BODY_BYTES = 4 * 1024;
/** No new job is begun after this time, milliseconds, so that a tick ends within 20 s. */
const WORK_MS = 15_000;
/** How long a claimed job is ours, seconds. */
const LOCK_S = 60;

const ProcessorRequest = z.discriminatedUnion('action', [
  z.object({ action: z.literal('tick') }),
  ExportRequest,
]);
const Job = z.object({
  job_id: z.int(),
  attempt: z.int(),
  wanted: z.int(),
  kind: z.literal('process_transcript'),
  session_id: z.uuid(),
});
type Job = z.infer<typeof Job>;
const Ok = z.object({ ok: z.boolean() });

/**
 * `POST /functions/v1/transcript-processor` `{action: "tick"}`: ends sessions that nobody ended, then settles what is
 * due into reports. Ticks may overlap: a job is one tick's at a time. `{action: "export", session_id, format}` gives a
 * report out as a file, to the service and to members of its tenant.
 */
export function processorHandler(
  deps: ProcessorDependencies,
): (request: Request) => Promise<Response> {
  return endpoint(deps, async (request) => {
    const apikey = request.headers.get('apikey') ?? '';
    const isService = await isOneOf(apikey, deps.secretKeys);
    const body = ProcessorRequest.safeParse(await readJson(request, MAX_BODY_BYTES));
    if (!body.success) throw malformed(body.error.issues);
    if (body.data.action === 'export') {
      return exportReport(isService ? deps.rpc : asMember(deps, request, apikey), body.data);
    }
    if (!isService) {
      throw new Refusal('token_missing', 'Send the secret key of the service as apikey.');
    }
    return tick(deps);
  });
}

function asMember(deps: ProcessorDependencies, request: Request, apikey: string): Rpc {
  const credential = credentialOf(request);
  if (credential.kind !== 'user' || apikey === '') {
    throw new Refusal('token_missing', 'Send your sign-in, and the publishable key as apikey.');
  }
  return deps.memberRpc(credential.token, apikey);
}

async function tick(deps: ProcessorDependencies) {
  const { rpc } = deps;
  const until = deps.now() + WORK_MS;
  await rpc('expire_sessions', {});
  const counts = { processed: 0, failed: 0 };
  while (deps.now() < until) {
    const [job] = await call(rpc, 'claim_jobs', { p_n: 1, p_seconds: LOCK_S }, z.array(Job));
    if (job === undefined) break;
    if (await run(deps, job)) counts.processed += 1;
    else counts.failed += 1;
  }
  return { ...counts, remaining: await call(rpc, 'jobs_remaining', {}, z.int()) };
}

/** Whether the job was done. A database that does not answer ends the tick: its lock runs out by itself. */
async function run({ rpc, log }: ProcessorDependencies, job: Job): Promise<boolean> {
  const claim = { p_job: job.job_id, p_attempt: job.attempt };
  try {
    const source = await call(rpc, 'report_source', { p_session: job.session_id }, ReportSource);
    const report = await buildReport(source);
    await rpc('store_report', { p_session: job.session_id, p_report: report });
    const finished = await call(rpc, 'finish_job', { ...claim, p_wanted: job.wanted }, Ok);
    return finished.ok;
  } catch (error) {
    if (error instanceof Refusal && error.code === 'storage_unavailable') throw error;
    const fault = error instanceof Error ? error.message : 'unknown';
    log({ job: job.job_id, session: job.session_id, fault });
    await call(rpc, 'fail_job', { ...claim, p_error: fault }, Ok);
    return false;
  }
}
