import type { Interview, Reader } from '../api.ts';
import { become, type Caller, type Connection } from '../database.ts';
import type { Populated } from './whole-tenant.ts';

/** Something that is to hold, and that can be tried in any state of the database. */
export interface Case {
  /** `<relation or function>: <what holds>`. */
  name: string;
  /** What is wrong, a line for each. */
  faults: (connection: Connection) => Promise<string[]>;
}

/** Somebody who comes over the API, and which tenant they belong to, if any. */
export interface Person {
  name: string;
  caller: Caller;
  of: Populated | null;
  role: Reader | null;
  /** The interview that a candidate gave. */
  own?: Interview;
}

export type Row = Record<string, unknown>;

/** Runs one statement as somebody and undoes it: its rows, or the SQLSTATE that it was refused with. */
export async function attempt(
  connection: Connection,
  caller: Caller,
  statement: string,
  values: readonly unknown[] = [],
): Promise<Row[] | string> {
  await connection.execute('savepoint attempt');
  try {
    await become(connection, caller);
    return await connection.query(statement, values);
  } catch (error) {
    return String((error as { code?: unknown }).code);
  } finally {
    await connection.execute('rollback to savepoint attempt');
  }
}
