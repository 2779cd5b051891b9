import * as z from 'zod';

export type Variables = Readonly<Record<string, string | undefined>>;

/** Secrets that stand in public documentation: anybody could sign with them. */
const wellKnownSecrets = new Set([
  'super-secret-jwt-token-with-at-least-32-characters-long',
  'your-super-secret-jwt-token-with-at-least-32-characters-long',
  'your-256-bit-secret-your-256-bit-secret',
  'a-string-secret-at-least-256-bits-long',
  'change-me-change-me-change-me-change-me',
]);

/** What is wrong with variables beside each other, by the name of the one to change. Never holds a value. */
export function problemsBetween(env: Variables): string[] {
  return [
    ...problemsOfSecrets(env),
    ...problemsOfKeys(env),
    ...problemsOfUpstream(env),
    ...problemsOfFly(env),
  ];
}

/** Read apart from the schema, so that what depends on it is told together with everything else. */
function isSimulated(env: Variables): boolean {
  return z.stringbool().safeParse(env['SIMULATION_MODE']).data === true;
}

function isLocal(env: Variables): boolean {
  return isSimulated(env) || env['NODE_ENV'] === 'development';
}

function problemsOfSecrets(env: Variables): string[] {
  if (isLocal(env)) return [];
  return ['JWT_SECRET', 'JWT_SECRET_PREVIOUS']
    .filter((name) => wellKnownSecrets.has(env[name] ?? ''))
    .map((name) => `${name} is a published default: make one with openssl rand -base64 48`);
}

function problemsOfKeys(env: Variables): string[] {
  const isPlain = /^http:/i.test(env['JWT_JWKS_URL'] ?? '');
  return isPlain && !isLocal(env)
    ? ['JWT_JWKS_URL must be an https URL: whoever sits on the way could sign tokens']
    : [];
}

function problemsOfUpstream(env: Variables): string[] {
  const given = (name: string): boolean => (env[name] ?? '').trim() !== '';
  const problems: string[] = [];
  if (given('OPENAI_BASE_URL') && given('OPENAI_REGION')) {
    problems.push('OPENAI_REGION is of no effect beside OPENAI_BASE_URL: set one of them');
  }
  if (isSimulated(env)) return problems;
  if (!given('OPENAI_API_KEY') && !given('OPENAI_API_KEYS')) {
    problems.push('OPENAI_API_KEY is missing (or set SIMULATION_MODE=true)');
  }
  if (env['UPSTREAM'] === 'azure' && !given('OPENAI_BASE_URL')) {
    problems.push(
      'OPENAI_BASE_URL is missing: for Azure it is https://<resource>.openai.azure.com/openai/v1',
    );
  }
  return problems;
}

function problemsOfFly(env: Variables): string[] {
  if (env['SESSION_ISOLATION'] !== 'fly-machine' || env['FLY_MACHINE_ID']) return [];
  return ['FLY_MACHINE_ID is missing: SESSION_ISOLATION=fly-machine works on Fly Machines only'];
}
