/** A session as the start function names it. */
export const sessionId = '0b8f2a4c-1d3e-4f5a-8b6c-7d8e9f0a1b2c';

const interview = {
  title: 'Product designer',
  language: 'en',
  duration_s: 1200,
  questions_total: 5,
};

/** What the start function replies to `look`. */
export const lookReply = {
  interview,
  tenant: { name: 'Northwind' },
  inviter: 'Dana',
  decider: 'A person decides.',
  retention: '90 days.',
  next_steps: 'You hear from us.',
  adjustment: 'Ask us.',
  consents: [{ purpose: 'processing', version: '1', text: 'I agree.', required: true }],
  modes: ['voice', 'text'],
  account_required: false,
  resumable: false,
};

/** What it replies to `start`. */
export const startReply = {
  session: { id: sessionId, status: 'created', phase: 'opening', resumable: false, interview },
  token: 'a.b.c',
  expires_at: 0,
  proxy: { ws_url: 'ws://proxy.test/ws', http_url: 'http://proxy.test' },
  transcript: [],
};
