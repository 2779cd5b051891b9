import * as z from 'zod/mini';
import { credentialOf } from '../_shared/credential.ts';
import { call, type Rpc } from '../_shared/database.ts';
import { endpoint, type EndpointOptions } from '../_shared/endpoint.ts';
import { readJson } from '../_shared/read-json.ts';
import { malformed, Refusal } from '../_shared/refusal.ts';
import { isOneOf } from '../_shared/secrets.ts';
import { exportReport, ExportRequest } from './export/export-report.ts';
import { Job, type JobDependencies, type Run } from './jobs/job.ts';
import { processTranscript } from './jobs/process.ts';
import { retain } from './jobs/retain.ts';
import { deliverWebhook } from './jobs/webhook.ts';

/** What `transcript-processor` is built of. */
export interface ProcessorDependencies extends EndpointOptions, JobDependencies {
  /** Keys of the service: nobody else may ask for work. */
  secretKeys: readonly string[];
  /** The database with the rights of an account: its token, and the key of the project that came with it. */
  memberRpc: (token: string, key: string) => Rpc;
}

const MAX_BODY_BYTES = 4 * 1024;
/** No new job is begun after this time, milliseconds, so that a tick ends within 20 s. */
const WORK_MS = 15_000;
/** How long a claimed job is ours, seconds, and how often that is renewed while it runs, milliseconds. */
const LOCK_S = 60;
const RENEW_MS = 20_000;

const ProcessorRequest = z.discriminatedUnion('action', [
  z.object({ action: z.literal('tick') }),
  ExportRequest,
]);
const Ok = z.object({ ok: z.boolean() });

/** Which file does which kind of work. */
const runs = new Map<string, Run>([
  ['process_transcript', processTranscript],
  ['deliver_webhook', deliverWebhook],
  ['retain', retain],
]);

/** Work that goes on side by side, so that receivers who take their time keep no report waiting: kinds, at a time. */
const lanes: [string[], number][] = [
  [['process_transcript', 'retain'], 1],
  [['deliver_webhook'], 8],
];

/**
 * `POST /functions/v1/transcript-processor` `{action: "tick"}`: ends sessions that nobody ended, then does the jobs that
 * are due. Ticks may overlap: a job is one tick's at a time. `{action: "export", session_id, format}` gives a report out
 * as a file, to the service and to members of its tenant.
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
  const work = async ([kinds, n]: [string[], number]) => {
    const claim = { p_n: n, p_seconds: LOCK_S, p_kinds: kinds };
    while (deps.now() < until) {
      const jobs = await call(rpc, 'claim_jobs', claim, z.array(Job));
      if (jobs.length === 0) return;
      for (const done of await Promise.all(jobs.map((job) => run(deps, job)))) {
        counts[done ? 'processed' : 'failed'] += 1;
      }
    }
  };
  await Promise.all(lanes.map(work));
  const remaining = await call(rpc, 'jobs_remaining', {}, z.int());
  return { ...counts, remaining, dead: await call(rpc, 'jobs_dead', {}, z.int()) };
}

/** Whether the job was done. A database that does not answer ends the tick: its lock runs out by itself. */
async function run(deps: ProcessorDependencies, job: Job): Promise<boolean> {
  const { rpc, log } = deps;
  const claim = { p_job: job.job_id, p_attempt: job.attempt };
  // A renewal that fails changes nothing: if the lock is lost by it, so is the right to finish.
  const renew = () => void rpc('renew_job', { ...claim, p_seconds: LOCK_S }).catch(() => undefined);
  const renewal = setInterval(renew, RENEW_MS);
  try {
    const work = runs.get(job.kind);
    if (work === undefined) throw new Error(`nothing here does ${job.kind}`);
    await work(deps, job);
    const finished = await call(rpc, 'finish_job', { ...claim, p_wanted: job.wanted }, Ok);
    return finished.ok;
  } catch (error) {
    if (error instanceof Refusal && error.code === 'storage_unavailable') throw error;
    const fault = error instanceof Error ? error.message : 'unknown';
    log({ job: job.job_id, session: job.session_id, fault });
    await call(rpc, 'fail_job', { ...claim, p_error: fault }, Ok);
    return false;
  } finally {
    clearInterval(renewal);
  }
}
