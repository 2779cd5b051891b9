/** Longer ones are none of ours. */
const MAX_LENGTH = 4096;

/**
 * Whether a text is a JWS in its compact form to the letter (RFC 7515 §3.1, §7.1): three parts in base64url without
 * padding, white space or stray bits behind the last byte. Libraries forgive these, and so one signature would have many
 * spellings, of which a list of used or revoked tokens would know one.
 */
export function isCompactJws(token: string): boolean {
  if (token.length > MAX_LENGTH) return false;
  const parts = token.split('.');
  return parts.length === 3 && parts.every(isCanonical);
}

function isCanonical(part: string): boolean {
  if (!/^[A-Za-z0-9_-]+$/.test(part)) return false;
  switch (part.length % 4) {
    case 0:
      return true;
    // Of the last letter's six bits four say nothing, or two.
    case 2:
      return /[AQgw]$/.test(part);
    case 3:
      return /[AEIMQUYcgkosw048]$/.test(part);
    default:
      return false;
  }
}
