import type { Connection } from '../tests/database.ts';

/** Sessions that `fill` makes, and lines of each: a million together. */
export const SESSIONS = 25_000;
export const LINES = 40;
export const TENANTS = 200;

/** Ids that can be told from a number: `id('c', 7)` of the seventh call. */
export const id = (kind: string, n: number | string): string =>
  `('${kind}0000000-0000-4000-8000-' || lpad((${n})::text, 12, '0'))::uuid`;

const sha = `repeat('0', 64)`;

/**
 * What a few years leave behind: interviews that ended long ago, with all that hangs on them, of many tenants. Written
 * past the triggers, since nothing of it is to be announced.
 */
export async function fill(connection: Connection): Promise<void> {
  const tenant = id('1', `n % ${TENANTS}`);
  const interview = id('2', `n % ${TENANTS}`);
  const sessions = `generate_series(0, ${SESSIONS - 1}) n`;
  const ended = `now() - interval '3 days' - n * interval '20 minutes'`;
  const statements = [
    `insert into public.tenants (id, external_id, name)
     select ${tenant}, 'tenant-' || n, 'Tenant' from generate_series(0, ${TENANTS - 1}) n`,
    `insert into public.interviews
       (id, tenant_id, external_id, title, duration_s, inviter, decider, retention, next_steps, adjustment, plan, used_at)
     select ${interview}, ${tenant}, 'designer', 'Designer', 600, 'Dana', 'People', 'Six months', 'Soon', 'Ask',
       '{"greeting": "Hello.", "questions": []}', now() from generate_series(0, ${TENANTS - 1}) n`,
    `insert into public.candidates (id, tenant_id, name) select ${id('3', 'n')}, ${tenant}, 'Sam' from ${sessions}`,
    `insert into public.interview_invitations (id, tenant_id, interview_id, token_hash, expires_at, uses)
     select ${id('4', 'n')}, ${tenant}, ${interview}, encode(sha256(n::text::bytea), 'hex'), ${ended}, 1 from ${sessions}`,
    `insert into public.interview_sessions (id, tenant_id, interview_id, candidate_id, invitation_id, device_hash, status,
       locale, end_reason, created_at, started_at, deadline_at, ending_at, ended_at, bound_at)
     select ${id('5', 'n')}, ${tenant}, ${interview}, ${id('3', 'n')}, ${id('4', 'n')}, encode(sha256(n::text::bytea), 'hex'),
       'completed', 'en', 'completed', at, at, at + interval '10 minutes', at + interval '9 minutes',
       at + interval '9 minutes', at
     from (select n, ${ended} as at from ${sessions}) s`,
    `insert into public.session_calls
       (id, tenant_id, session_id, ordinal, offer_id, reason, provider, opened_at, connected_at, closed_at)
     select ${id('6', 'n')}, ${tenant}, ${id('5', 'n')}, 1, 'offer', 'start', 'openai', at, at, at from (
       select n, ${ended} as at from ${sessions}) s`,
    `insert into public.call_leases (call_id, holder, epoch, expires_at, released_at)
     select ${id('6', 'n')}, 'proxy', 1, ${ended}, ${ended} from ${sessions}`,
    `insert into public.session_states (session_id, reducer, call_id, epoch)
     select ${id('5', 'n')}, '{}', ${id('6', 'n')}, 1 from ${sessions}`,
    `insert into public.transcript_writers (session_id, writer_id, source, last_sequence)
     select ${id('5', 'n')}, w.writer, w.source, ${LINES / 2} from ${sessions}, lateral (values
       ('b_' || repeat('0', 4) || lpad(n::text, 12, '0'), 'browser'), ('s_' || ${id('6', 'n')} || '_1', 'server')
     ) w (writer, source)`,
    `insert into public.transcript_entries (tenant_id, session_id, writer_id, sequence, source, entry_id, revision, role,
       text, status, call_id, item_id, position, started_ms, ended_ms, language, body_hash)
     select w.tenant_id, w.session_id, w.writer_id, m, w.source, w.call || '.item_' || m, 0,
       case m % 2 when 0 then 'candidate' else 'interviewer' end, repeat('What I did there was this. ', 6), 'final',
       w.call, 'item_' || m, m * 1024, m * 1000, m * 1000 + 500, 'en', md5(m::text) || md5(w.writer_id)
     from (
       select w.*, s.tenant_id, c.id as call from public.transcript_writers w
       join public.interview_sessions s on s.id = w.session_id join public.session_calls c on c.session_id = s.id
     ) w, generate_series(1, ${LINES / 2}) m order by w.session_id, m`,
    `insert into public.consents (tenant_id, session_id, candidate_id, purpose, version, text, text_hash, locale, granted)
     select ${tenant}, ${id('5', 'n')}, ${id('3', 'n')}, p, '1', 'May we?', ${sha}, 'en', true
     from ${sessions}, unnest(array['processing', 'other_roles']) p`,
    `insert into public.integrity_events (tenant_id, session_id, call_id, kind)
     select ${tenant}, ${id('5', 'n')}, ${id('6', 'n')}, 'seen' from ${sessions}`,
    `insert into public.adjustments (tenant_id, invitation_id, session_id, kind, note)
     select ${tenant}, ${id('4', 'n')}, ${id('5', 'n')}, 'help', 'I hear nothing.' from ${sessions}`,
    `insert into public.transcript_corrections (tenant_id, session_id, entry_id, text)
     select ${tenant}, ${id('5', 'n')}, ${id('6', 'n')} || '.item_2', 'My own words.' from ${sessions}`,
    `insert into public.feedback (tenant_id, session_id, rating) select ${tenant}, ${id('5', 'n')}, 4 from ${sessions}`,
    `insert into public.jobs (tenant_id, session_id, kind, wanted, done)
     select ${tenant}, ${id('5', 'n')}, 'process_transcript', 1, 1 from ${sessions}`,
    `insert into public.interview_reports (session_id, tenant_id, report, transcript_sha256)
     select ${id('5', 'n')}, ${tenant}, '{"schema": "interview-report/1", "rows": 20}', ${sha} from ${sessions}`,
    `insert into public.interview_report_versions (session_id, revision, tenant_id, report, transcript_sha256)
     select session_id, 1, tenant_id, report, transcript_sha256 from public.interview_reports`,
    `insert into public.webhook_endpoints (id, tenant_id, url, types)
     select ${id('7', 'n')}, ${tenant}, 'https://hooks.example/', '{session.completed}'
     from generate_series(0, ${TENANTS - 1}) n`,
    `insert into public.webhook_deliveries (tenant_id, endpoint_id, session_id, type, payload, status, created_at)
     select ${tenant}, ${id('7', `n % ${TENANTS}`)}, ${id('5', 'n')}, 'session.completed', '{}', 'delivered', ${ended}
     from ${sessions}`,
  ];
  await connection.execute('set session_replication_role = replica');
  for (const statement of statements) await connection.query(statement, []);
  await connection.execute('reset session_replication_role');
  await connection.execute('vacuum analyze');
}
