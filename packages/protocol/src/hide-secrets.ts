/** What must stand in no log, and what stands there instead. Names and words have no shape: those are never logged. */
const secrets: readonly [RegExp, string][] = [
  // JSON Web Tokens (RFC 7519): the header of each begins so.
  [/\beyJ[\w-]{4,}(?:\.[\w-]*)*/g, '(token)'],
  [/\b(Bearer|Basic) +[\w.~+/=-]{8,}/gi, '$1 (credential)'],
  // Ours, OpenAI's and Supabase's keys, and invitations.
  [/\b(?:inv_|ik_|sk-|sb_secret_|FlyV1 |fm2_)[\w-]{8,}/g, '(key)'],
  // Whoever has these can join a call's media (RFC 8839 §5.4, RFC 8122).
  [/\b(a=(?:ice-pwd|ice-ufrag|fingerprint)):[^\r\n"\\]+/g, '$1:(hidden)'],
  // As long as an address may be (RFC 5321 §4.5.3.1), so that no line takes long.
  [/[\w.+%-]{1,64}@(?:[a-z\d-]{1,63}\.){1,8}[a-z]{2,63}\b/gi, '(e-mail)'],
];

/** A line of a log without credentials, passwords of calls and e-mail addresses. */
export function hideSecrets(line: string): string {
  return secrets.reduce((text, [pattern, instead]) => text.replace(pattern, instead), line);
}
