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
    'jobs_remaining',
    'report_source',
    'store_report',
  ],
  members: {
    report_for_export: {
      by: ['owner', 'recruiter', 'reviewer'],
      args: ({ session }) => ({ p_session: session, p_revision: null }),
    },
  },
};
