import { WriterId } from '@interview/protocol';
import { ProxyError } from '../proxy-error.ts';

/** What a page says of itself in the address. */
export interface PageQuery {
  simulation?: string;
  writer_id?: string;
}

/**
 * What a page calls itself; null where it does not say.
 *
 * @throws {ProxyError} `bad_request` for what is no name of a page
 */
export function writerOf({ writer_id: name }: PageQuery): WriterId | null {
  if (name === undefined) return null;
  const parsed = WriterId.safeParse(name);
  if (parsed.success && isPage(parsed.data)) return parsed.data;
  throw new ProxyError('bad_request', 'writer_id is no name of a page: b_ and 16 to 43 letters.');
}

/** Pages write under names of this form; other names are the server's. */
export function isPage(writer: WriterId): boolean {
  return writer.startsWith('b_');
}
