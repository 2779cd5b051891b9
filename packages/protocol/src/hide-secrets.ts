/**
 * What must stand in no log, what stands there instead, and what each one holds: most lines hold none of these. Names
 * and words have no shape; those are never logged.
 */
export const secretShapes: readonly { holds: string; pattern: RegExp; instead: string }[] = [
  // JSON Web Tokens (RFC 7519): the header of each begins so.
  { holds: 'eyJ', pattern: /\beyJ[\w-]{4,}(?:\.[\w-]*)*/g, instead: '(token)' },
  { holds: 'earer ', pattern: /\b(Bearer) +[\w.~+/=-]{8,}/gi, instead: '$1 (credential)' },
  // Ours, OpenAI's and Supabase's keys, and invitations.
  { holds: 'inv_', pattern: /\binv_[\w-]{8,}/g, instead: '(key)' },
  { holds: 'ik_', pattern: /\bik_[\w-]{8,}/g, instead: '(key)' },
  { holds: 'sk-', pattern: /\bsk-[\w-]{8,}/g, instead: '(key)' },
  { holds: 'sb_secret_', pattern: /\bsb_secret_[\w-]{8,}/g, instead: '(key)' },
  // Whoever has these can join a call's media (RFC 8839 §5.4, RFC 8122).
  {
    holds: 'a=',
    // No word's edge before it: in JSON a line break is the letters \r\n.
    pattern: /(a=(?:ice-pwd|ice-ufrag|fingerprint)):[^\r\n"\\]+/g,
    instead: '$1:(hidden)',
  },
  // As long as an address may be (RFC 5321 §4.5.3.1), so that no line takes long.
  {
    holds: '@',
    pattern: /[\w.+%-]{1,64}@(?:[a-z\d-]{1,63}\.){1,8}[a-z]{2,63}\b/gi,
    instead: '(e-mail)',
  },
];

/** A line of a log without credentials, passwords of calls and e-mail addresses. */
export function hideSecrets(line: string): string {
  let hidden = line;
  for (const { holds, pattern, instead } of secretShapes) {
    if (hidden.includes(holds)) hidden = hidden.replace(pattern, instead);
  }
  return hidden;
}
