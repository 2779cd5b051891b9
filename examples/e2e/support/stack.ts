import { startStack, StackError, type Stack, type StackInfo } from '@interview/local-stack';
import type { TestProject } from 'vitest/node';
import { leaksIn } from './leaks-in-logs.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Addresses and keys of the stack that all tests share. */
    stack: StackInfo;
    /** Folder with a log for each service. */
    logs: string;
    /** File with what Auth would have sent by e-mail. */
    mailbox: string;
    interviews: Interviews;
  }
}

/** Interviews to be invited to, by id. */
export interface Interviews {
  /** The seeded one: five questions. */
  demo: string;
  /** Two questions and few words. */
  short: string;
  /** As `short`, for people with an account. */
  account: string;
  /** An invitation to `short` whose time is over. */
  expiredInvitation: string;
}

const shortPlan = {
  greeting: 'Hello, I am an AI interviewer. Are you ready?',
  questions: [
    { id: 'work', text: 'What do you work on?' },
    { id: 'pride', text: 'What are you proud of?' },
  ],
  candidate_qa_text: 'What would you like to ask?',
  facts: [],
  closing_text: 'Thank you for your time. Goodbye.',
  time_up_text: 'Our time is up. Thank you, and goodbye.',
};

/** Starts one stack in memory on free ports for the whole run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const onCrash = (report: string): never => {
    throw new StackError(report);
  };
  // Everything that a service could ever log is looked at below.
  process.env['LOG_LEVEL'] ??= 'trace';
  const stack = await keepExitCode(() => startStack({ onCrash }));
  project.provide('stack', stack.info);
  project.provide('logs', stack.logs);
  project.provide('mailbox', stack.mailbox);
  project.provide('interviews', await makeInterviews(stack));
  return async () => {
    const leaks = leaksIn(stack.logs);
    await keepExitCode(() => stack.stop());
    if (leaks.length > 0) throw new Error(`These lines hold what no log may:\n${leaks.join('\n')}`);
  };
}

/** Postgres in WebAssembly sets the exit code of this process when it begins and ends, over that of failed tests. */
async function keepExitCode<T>(work: () => Promise<T>): Promise<T> {
  const { exitCode } = process;
  const result = await work();
  process.exitCode = exitCode;
  return result;
}

async function makeInterviews({ sql }: Stack): Promise<Interviews> {
  const [demo] = await sql<{ id: string }>(
    "select id from public.interviews where external_id = 'product-designer'",
  );
  const [short] = await sql<{ id: string }>(
    `insert into public.interviews (tenant_id, external_id, title, language, duration_s, modes,
       inviter, decider, retention, next_steps, adjustment, consents, plan)
     select tenant_id, 'short-talk', 'A short talk', language, 300, modes,
       inviter, decider, retention, next_steps, adjustment, consents, $1::jsonb
     from public.interviews where external_id = 'product-designer' returning id`,
    [JSON.stringify(shortPlan)],
  );
  const [account] = await sql<{ id: string }>(
    `insert into public.interviews (tenant_id, external_id, title, language, duration_s, modes,
       account_required, inviter, decider, retention, next_steps, adjustment, consents, plan)
     select tenant_id, 'talk-with-account', 'A talk with an account', language, duration_s, modes,
       true, inviter, decider, retention, next_steps, adjustment, consents, plan
     from public.interviews where external_id = 'short-talk' returning id`,
  );
  if (!demo || !short || !account) throw new Error('The demonstration was not seeded.');
  // Work that failed too often, for the desk to show. Nothing is kept under that name: done again, it deletes nothing.
  await sql(
    `insert into public.jobs (tenant_id, kind, subject, failures, last_error)
     select tenant_id, 'retain', 'none', 10, 'unknown' from public.interviews where id = $1`,
    [short.id],
  );
  const expiredInvitation = `inv_${'e'.repeat(43)}`;
  await sql(
    `insert into public.interview_invitations (tenant_id, interview_id, token_hash, created_at, expires_at)
     select tenant_id, id, encode(sha256(convert_to($2, 'UTF8')), 'hex'), now() - interval '2 days', now() - interval '1 day'
     from public.interviews where id = $1`,
    [short.id, expiredInvitation],
  );
  return { demo: demo.id, short: short.id, account: account.id, expiredInvitation };
}
