import { members, relations, type Interview } from '../api.ts';
import type { Database } from '../database.ts';
import { makeUser } from '../world.ts';
import { attempting, type Case, type Person } from './case.ts';
import { answering, reaching } from './functions.ts';
import { reading } from './reading.ts';
import { shapeOf } from './shape.ts';
import { populate, type Populated } from './whole-tenant.ts';
import { writing } from './writing.ts';

/** Who may do what, for all that there is in the API: built from `api/` and the catalog. */
export interface Matrix {
  people: readonly Person[];
  northwind: Populated;
  contoso: Populated;
  /** Reading, and all writing, of each relation. */
  reads: ReadonlyMap<string, Case>;
  writes: ReadonlyMap<string, Case>;
  /** By signature: who reaches it; and by name: whom it answers. */
  reach: ReadonlyMap<string, Case>;
  answers: ReadonlyMap<string, Case>;
}

export async function openMatrix(database: Database): Promise<Matrix> {
  for (const statement of attempting) await database.sql(statement);
  const northwind = await populate(database, 'northwind');
  const contoso = await populate(database, 'contoso');
  const people = [
    { name: 'anon', caller: 'anon', of: null, role: null } as const,
    { name: 'stranger', caller: { user: await makeUser(database) }, of: null, role: null },
    ...peopleOf('Northwind', northwind),
    ...peopleOf('Contoso', contoso),
  ];
  const reads = new Map<string, Case>();
  const writes = new Map<string, Case>();
  for (const relation of Object.keys(relations)) {
    const shape = await shapeOf(database, relation);
    reads.set(relation, await reading(database, people, [northwind, contoso], relation, shape));
    writes.set(relation, await writing(database, people, [northwind, contoso], relation, shape));
  }
  const reach = await reaching(database, people);
  const answers = new Map<string, Case>();
  for (const name of Object.keys(members)) {
    answers.set(name, await answering(database, people, [northwind, contoso], name));
  }
  return { people, northwind, contoso, reads, writes, reach, answers };
}

function peopleOf(name: string, of: Populated): Person[] {
  const { tenant, first, second } = of;
  const member = (role: 'owner' | 'recruiter' | 'reviewer'): Person => ({
    name: `${role} of ${name}`,
    caller: { user: tenant[role] },
    of,
    role,
  });
  const candidate = (label: string, own: Interview): Person => ({
    name: `${label} of ${name}`,
    caller: { user: own.user },
    of,
    role: 'candidate',
    own,
  });
  return [
    member('owner'),
    member('recruiter'),
    member('reviewer'),
    candidate('candidate', first),
    candidate('other candidate', second),
  ];
}
