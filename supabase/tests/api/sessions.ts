import type { Domain } from '../api.ts';

/** The supervisor's state once the first question is asked. */
const asking = {
  phase: 'question',
  index: 0,
  outcomes: [],
  decision: {
    key: 'k',
    effects: [{ type: 'reply', toolCall: 'call_1', output: { ok: true, phase: 'question' } }],
  },
};

export const domain: Domain = {
  relations: {
    candidates: { readers: ['owner', 'recruiter', 'reviewer', 'candidate'] },
    interview_sessions: { readers: ['owner', 'recruiter', 'reviewer', 'candidate'] },
    session_calls: { readers: ['owner', 'recruiter', 'reviewer', 'candidate'] },
    session_states: { readers: [] },
    question_states: { readers: ['owner', 'recruiter', 'reviewer'] },
    tool_calls: { readers: ['owner', 'recruiter', 'reviewer'] },
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
    'record_quality',
    'record_trouble',
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
    await rpc('save_reducer', { p_call: call, p_epoch: 1, p_state: asking, p_phase: 'question' });
    await rpc('send_command', { p_session: session, p_message: { type: 'pause' } });
    await rpc('record_event', { p_session: session, p_call: call, p_kind: 'seen', p_detail: {} });
  },
};
