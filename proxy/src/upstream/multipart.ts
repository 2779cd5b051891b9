import { randomUUID } from 'node:crypto';

/** One part of a form. */
export interface FormPart {
  name: string;
  type: string;
  body: string;
}

/**
 * Builds multipart/form-data (RFC 7578) by hand, so that each part has exactly its media type and its bytes. The
 * boundary is random: text in a part can't close it.
 */
export function multipart(parts: readonly FormPart[]): { contentType: string; body: Buffer } {
  const boundary = `interview-${randomUUID()}`;
  const chunks = parts.map(
    (part) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${part.name}"\r\n` +
      `Content-Type: ${part.type}\r\n\r\n${part.body}\r\n`,
  );
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.from(`${chunks.join('')}--${boundary}--\r\n`, 'utf8'),
  };
}
