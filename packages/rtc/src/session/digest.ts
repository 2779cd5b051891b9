import { InterviewError } from '../errors.ts';

/** SHA-256 of a text, lower-case hex. @throws InterviewError insecure_context on pages without https */
export async function sha256(text: string): Promise<string> {
  // The types say that it is always there; browsers leave it out on insecure pages.
  const subtle = (globalThis.crypto as Partial<Crypto> | undefined)?.subtle;
  if (!subtle) {
    throw new InterviewError('insecure_context');
  }
  const digest = await subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** `count` random bytes in base64url. */
export function randomText(count: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(count));
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
