import type { Domain } from '../api.ts';

export const domain: Domain = {
  relations: {
    candidates: { readers: ['owner', 'recruiter', 'reviewer', 'candidate'] },
    interview_sessions: { readers: ['owner', 'recruiter', 'reviewer', 'candidate'] },
    session_calls: { readers: ['owner', 'recruiter', 'reviewer', 'candidate'] },
    session_states: { readers: [] },
    call_leases: { readers: [] },
    call_commands: { readers: [] },
    consents: { readers: ['owner', 'recruiter', 'reviewer', 'candidate'], stands: 'granted' },
    integrity_events: { readers: ['owner', 'recruiter', 'reviewer'], stands: 'kind' },
  },
  service: [
    'allow_unsupervised',
    'answer_command',
    'call_answered',
    'call_connected',
    'claim_calls',
    'close_call',
    'command_reply',
    'complete_session',
    'expire_sessions',
    'open_call',
    'record_event',
    'release_lease',
    'renew_allowed',
    'renew_lease',
    'save_reducer',
    'send_command',
    'session_brief',
    'session_glance',
    'take_commands',
    'take_lease',
  ],
  during: async ({ rpc }, { session, call }) => {
    await rpc('save_reducer', { p_call: call, p_epoch: 1, p_state: {}, p_phase: 'question' });
    await rpc('send_command', { p_session: session, p_message: { type: 'pause' } });
    await rpc('record_event', { p_session: session, p_call: call, p_kind: 'seen', p_detail: {} });
  },
};
