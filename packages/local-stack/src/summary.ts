import type { Stack } from './stack.ts';

/**
 * What `npm start` prints when everything runs.
 *
 * @param seconds How long that took.
 */
export function summary({ info, simulated, notices }: Stack, seconds: number): string {
  const interviewer = simulated
    ? 'The interviewer is simulated. Set OPENAI_API_KEY to be interviewed by OpenAI.'
    : 'The interviewer is OpenAI, with your key.';
  const { email, password } = info.recruiter;
  return [
    '',
    `  The interview room is ready (${seconds.toFixed(1)} s).`,
    '',
    `  Candidate   ${info.candidateUrl}`,
    `  Recruiter   ${info.recruiterUrl}   ${email} · ${password}`,
    `  SDK page    ${info.sdkUrl}`,
    `  React page  ${info.reactUrl}`,
    `  Vue page    ${info.vueUrl}`,
    `  Account     ${info.accountUrl}`,
    `  Test page   ${info.testUrl}`,
    `  Status      ${info.statusUrl}`,
    `  Supabase    ${info.supabaseUrl}`,
    '',
    ...notices.map((notice) => `  ${notice}`),
    `  ${interviewer}`,
    '  Addresses and keys: .local/stack.json · Logs: .local/logs/',
    '  Nothing is sent: codes to sign in are printed here, and kept in .local/mailbox.jsonl',
    '  Ctrl-C stops everything · npm start -- --reset forgets the data',
    '',
  ].join('\n');
}
