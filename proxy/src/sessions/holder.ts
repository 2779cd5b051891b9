import { randomUUID } from 'node:crypto';

/** A new name for this process in leases: another one after a restart, so that it never meets its own former lease. */
export function holderName(machineId: string | null): string {
  return `${machineId ?? ''}/${randomUUID()}`;
}
