import type { Domain } from '../api.ts';

export const domain: Domain = {
  relations: {
    transcript_writers: { readers: [] },
    transcript_entries: {
      readers: ['owner', 'recruiter', 'reviewer', 'candidate'],
      stands: 'text',
    },
    transcript_current: { readers: ['owner', 'recruiter', 'reviewer', 'candidate'] },
    transcript_corrections: {
      readers: ['owner', 'recruiter', 'reviewer', 'candidate'],
      stands: 'text',
    },
    feedback: { readers: ['owner', 'recruiter', 'reviewer', 'candidate'], stands: 'text' },
  },
  service: ['store_correction', 'store_entries', 'store_feedback', 'writer_marks'],
  members: {
    transcript_of_source: {
      by: ['owner', 'recruiter', 'reviewer', 'candidate'],
      args: ({ session }) => ({ p_session: session, p_source: 'browser' }),
    },
  },
  during: async ({ rpc }, { session, call }) => {
    const line = { p_session: session, p_entry_id: `${call}.item_1` };
    await rpc('store_correction', { ...line, p_text: 'My own words.' });
    await rpc('store_feedback', { p_session: session, p_rating: 4, p_text: null });
  },
};
