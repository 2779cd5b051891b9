import { randomUUID } from 'node:crypto';
import type { SessionId } from '@interview/protocol';
import type { Storage } from '../storage/port.ts';

/** A new name for this process in leases: another one after a restart, so that it never meets its own former lease. */
export function holderName(machineId: string | null): string {
  return `${machineId ?? ''}/${randomUUID()}`;
}

/** The machine that a holder runs on; null where it has no name. */
export function machineOf(holder: string): string | null {
  const [machine = ''] = holder.split('/');
  return machine === '' ? null : machine;
}

/**
 * The machine that supervises a session's call, for whoever sends its requests there; null where none does, or where
 * machines have no names.
 *
 * @throws {ProxyError} `storage_unavailable`
 */
export async function machineOfSession(
  storage: Storage,
  session: SessionId,
): Promise<string | null> {
  const found = await storage.callHolder(session);
  return found ? machineOf(found.holder) : null;
}
