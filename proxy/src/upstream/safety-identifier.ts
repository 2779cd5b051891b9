import { createHmac } from 'node:crypto';

/**
 * Names a person to a provider, always by the same name and so that nobody without the salt can tell who it is
 * (developers.openai.com, safety best practices: a hash of the user's id).
 *
 * @returns 64 hexadecimal digits
 */
export function safetyIdentifier(candidateId: string, salt: string): string {
  return createHmac('sha256', salt).update(`candidate:${candidateId}`).digest('hex');
}
