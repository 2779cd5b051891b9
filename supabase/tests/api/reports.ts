import type { Domain } from '../api.ts';

export const domain: Domain = {
  relations: {
    jobs: { readers: [] },
    interview_reports: { readers: ['owner', 'recruiter', 'reviewer'] },
    interview_report_versions: {
      readers: ['owner', 'recruiter', 'reviewer'],
      stands: 'revision',
    },
  },
  service: [
    'claim_jobs',
    'fail_job',
    'finish_job',
    'jobs_dead',
    'jobs_remaining',
    'renew_job',
    'report_source',
    'store_report',
  ],
  members: {
    dead_jobs: { by: ['owner'], args: ({ tenant }) => ({ p_tenant: tenant.id }) },
    retry_job: {
      by: ['owner'],
      args: async ({ session }, { sql }) => {
        const [job] = await sql('select id from public.jobs where session_id = $1', session);
        return { p_job: job?.['id'] };
      },
    },
    report_for_export: {
      by: ['owner', 'recruiter', 'reviewer'],
      args: ({ session }) => ({ p_session: session, p_revision: null }),
    },
  },
};
