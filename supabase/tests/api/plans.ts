import type { Domain, Interview } from '../api.ts';

const interview = ({ tenant }: Interview) => ({ p_interview: tenant.interview });

export const domain: Domain = {
  relations: {
    interviews: { readers: ['owner', 'recruiter', 'reviewer'], serviceWrites: true },
  },
  members: {
    save_plan: {
      by: ['owner', 'recruiter'],
      args: ({ tenant }) => ({ p_tenant: tenant.id, p_interview: null, p_definition: {} }),
    },
    duplicate_plan: { by: ['owner', 'recruiter'], args: interview },
    archive_plan: { by: ['owner', 'recruiter'], args: interview },
    approve_rubric: { by: ['owner'], args: interview },
  },
};
