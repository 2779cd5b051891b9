/** What went wrong, as Auth names it, and what to do about it. */
const remedies: Readonly<Record<string, string>> = {
  invalid_credentials:
    'That address and password do not fit together. Try again, or have a code sent to you.',
  user_already_exists: 'There is an account with this address already. Sign in to it.',
  email_exists: 'There is an account with this address already. Sign in to it.',
  weak_password: 'That password is too easy to guess. Choose a longer one.',
  otp_expired:
    'That code is not right, or its time is over. Check the digits, or have another one sent.',
  email_not_confirmed: 'This address is not confirmed yet. Have a code sent to you.',
  email_address_invalid: 'That address can not be right. Check it for a slip of the keys.',
  validation_failed: 'That can not be right. Check it for a slip of the keys.',
  over_email_send_rate_limit: 'A message is on its way already. Wait a minute before the next one.',
  over_request_rate_limit: 'Those were many tries in a short time. Wait a minute and try again.',
  signup_disabled: 'New accounts can not be made here. Ask the people who invited you.',
  otp_disabled: 'New accounts can not be made here. Ask the people who invited you.',
  user_banned: 'This account is closed. Ask the people who invited you.',
};

/** Words for the candidate. */
export function remedyFor(error: unknown): string {
  const { code, status } = (error ?? {}) as { code?: string; status?: number };
  const known = remedies[code ?? ''];
  if (known !== undefined) return known;
  return status === undefined || status === 0
    ? 'We could not reach the server. Check your connection and try again.'
    : 'That did not work, and the cause is on our side. Try again in a minute.';
}
