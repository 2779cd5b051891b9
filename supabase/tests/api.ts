import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Database } from './database.ts';
import type { Tenant } from './world.ts';

/** Who of a tenant a rule is about. */
export type Reader = 'owner' | 'recruiter' | 'reviewer' | 'candidate';

/** A running interview of a tenant, with what it is made of. */
export interface Interview {
  tenant: Tenant;
  /** The candidate's account. */
  user: string;
  session: string;
  /** Connected, with a lease of the holder `proxy` in epoch 1. */
  call: string;
  invitation: { id: string; token: string; key: string };
  /** A browser writer, with one line of the candidate's: `<call>.item_1`. */
  writer: string;
}

/** A table or view of the API. */
export interface Relation {
  /** Who of its tenant reads it; whoever is not named reads no row of it. A candidate reads what is their own. */
  readers: readonly Reader[];
  /** Columns that nobody signed in reads. */
  hidden?: readonly string[];
  /** The service writes it as well; it only reads all others. */
  serviceWrites?: true;
  /** Rows are added and never changed: a column to try it with. */
  stands?: string;
}

/** A function of the API that signed-in people call. */
export interface Callable {
  /** Whom it answers; others are refused, with `{error}`, null or no row. */
  by: readonly Reader[];
  /** Arguments about an interview of theirs. */
  args: (interview: Interview, database: Database) => Promise<object> | object;
}

/** One file of `api/`: what there is of one matter in the API, who may what, and how rows of it come about. */
export interface Domain {
  relations?: Readonly<Record<string, Relation>>;
  /** Functions that only the service calls. */
  service?: readonly string[];
  members?: Readonly<Record<string, Callable>>;
  /** Functions behind the API that policies ask; whoever reads tables may call them. */
  predicates?: readonly string[];
  /** Makes what a tenant sets up once, before anybody is interviewed. */
  setUp?: (database: Database, tenant: Tenant) => Promise<void>;
  /** Makes rows of an interview while it runs. */
  during?: (database: Database, interview: Interview) => Promise<void>;
  /** Makes rows of an interview that was completed and reported. */
  after?: (database: Database, interview: Interview) => Promise<void>;
}

const folder = fileURLToPath(new URL('api/', import.meta.url));

/** All domains, in the order of their files. */
export const domains: readonly Domain[] = await Promise.all(
  readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map(
      async (name) =>
        ((await import(/* @vite-ignore */ `./api/${name}`)) as { domain: Domain }).domain,
    ),
);

const merged = <T>(of: (domain: Domain) => Readonly<Record<string, T>> | undefined) =>
  Object.fromEntries(domains.flatMap((domain) => Object.entries(of(domain) ?? {})));

export const relations: Readonly<Record<string, Relation>> = merged(({ relations }) => relations);
export const members: Readonly<Record<string, Callable>> = merged(({ members }) => members);
export const service = domains.flatMap(({ service = [] }) => service);
export const predicates = domains.flatMap(({ predicates = [] }) => predicates);
