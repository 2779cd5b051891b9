import { renameSync, rmSync, writeFileSync } from 'node:fs';

/** What a running stack tells others. */
export interface StackInfo {
  /** The candidate's page with a fresh invitation in its fragment. */
  candidateUrl: string;
  recruiterUrl: string;
  /** The SDK's example page with the same invitation. */
  sdkUrl: string;
  /** The same room in React. */
  reactUrl: string;
  /** The same room in Vue. */
  vueUrl: string;
  /** The page that asks for an account where the interview does, with the same invitation. */
  accountUrl: string;
  /** The proxy's support page. */
  testUrl: string;
  /** The proxy's status page. */
  statusUrl: string;
  pagesUrl: string;
  proxyUrl: string;
  supabaseUrl: string;
  /** null where the provider is real. */
  simulatorUrl: string | null;
  publishableKey: string;
  secretKey: string;
  tenantApiKey: string;
  recruiter: { email: string; password: string };
}

/** Writes `info` in one step, so that nobody reads half of it. Readable by its owner only: it holds keys. */
export function writeStackFile(path: string, info: StackInfo): void {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(info, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, path);
}

/** Says that nothing runs here any more. */
export function removeStackFile(path: string): void {
  rmSync(path, { force: true });
}
