import type { Domain } from '../api.ts';
import { consents, plan } from '../world.ts';

const definition = {
  title: 'Engineer',
  language: 'en',
  duration_s: 900,
  modes: ['voice'],
  account_required: false,
  inviter: 'Dana Reyes',
  decider: 'People decide.',
  retention: 'Six months.',
  next_steps: 'Within a week.',
  adjustment: 'Just ask.',
  consents,
  plan,
};

const rubric = {
  competencies: [
    {
      id: 'craft',
      label: 'Craft',
      job_link: 'Designs are built as they are drawn.',
      question_ids: ['first'],
      anchors: { 1: 'Names no part of their own.', 3: 'Names it.', 5: 'Says why it was right.' },
    },
  ],
};

export const domain: Domain = {
  members: {
    save_plan: {
      by: ['owner', 'recruiter'],
      args: ({ tenant }) => ({
        p_tenant: tenant.id,
        p_interview: null,
        p_definition: definition,
      }),
    },
    duplicate_plan: {
      by: ['owner', 'recruiter'],
      args: ({ tenant }) => ({ p_interview: tenant.interview }),
    },
    archive_plan: {
      by: ['owner', 'recruiter'],
      args: ({ tenant }) => ({ p_interview: tenant.interview, p_archived: false }),
    },
    approve_rubric: {
      by: ['owner'],
      args: ({ tenant }) => ({ p_interview: tenant.interview }),
    },
  },
  setUp: async ({ sql }, { interview }) => {
    await sql(
      'update public.interviews set rubric = $2 where id = $1',
      interview,
      JSON.stringify(rubric),
    );
  },
};
