/** A request that the database understood and refused. Its message can be shown. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly code: string;
  /** What of the request is wrong, as a path such as `plan.questions.0.text`; null where it is none in particular. */
  readonly field: string | null;

  constructor(code: string, field: string | null, message?: string) {
    super(message ?? words[code] ?? 'That was refused.');
    this.code = code;
    this.field = field;
  }
}

const words: Record<string, string> = {
  forbidden: 'Your account may not do that. Ask an owner.',
  bad_request: 'Something in it is not as it must be.',
  unsupported: 'That is not offered any more.',
  taken_over: 'Somebody else saved this plan meanwhile. Copy your changes, then open it again.',
  rate_limited: 'There are as many as there may be. Revoke one first.',
  api_key_invalid: 'This key does not work any more.',
  invitation_revoked: 'This invitation was revoked. Make another one.',
  invitation_completed: 'This interview is over. Make another invitation.',
  invitation_in_use: 'Somebody is in the middle of an interview with this link. Make another one.',
};
