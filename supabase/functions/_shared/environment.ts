/** What the functions read from their environment. */
export interface Environment {
  supabaseUrl: string;
  /** Keys of the service; the first is used, each is accepted. */
  secretKeys: [string, ...string[]];
  /** Signs session tokens. */
  jwtSecret: string;
  /** Still accepted while a rotation is under way. */
  jwtSecretPrevious: string | null;
  /** The proxy as candidates reach it, without a slash at its end. */
  proxyUrl: string;
  /** Set where user tokens are signed with a shared secret: legacy projects and the local stack. */
  authJwtSecret: string | null;
  /** Sessions may ask for the simulated interviewer. */
  simulation: boolean;
  /** Everything runs on this machine. */
  local: boolean;
}

/** Secrets that stand in public documentation. */
const publicSecrets = ['super-secret-jwt-token-with-at-least-32-characters-long'];

/**
 * Reads the environment of a function, or says which variable is missing or wrong.
 *
 * @throws Error with a text for operators; it never holds a value
 */
export function readEnvironment(variables: Record<string, string | undefined>): Environment {
  const proxyUrl = url(variables, 'PROXY_URL');
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(new URL(proxyUrl).hostname);
  const previous = variables['JWT_SECRET_PREVIOUS'];
  return {
    supabaseUrl: url(variables, 'SUPABASE_URL'),
    secretKeys: secretKeys(variables),
    jwtSecret: secret('JWT_SECRET', required(variables, 'JWT_SECRET'), local),
    jwtSecretPrevious: previous ? secret('JWT_SECRET_PREVIOUS', previous, local) : null,
    proxyUrl,
    authJwtSecret: variables['AUTH_JWT_SECRET'] || null,
    simulation: variables['SIMULATION_MODE'] === 'true',
    local,
  };
}

function required(variables: Record<string, string | undefined>, name: string): string {
  const value = variables[name];
  if (!value) throw new Error(`${name} is not set.`);
  return value;
}

function url(variables: Record<string, string | undefined>, name: string): string {
  const value = required(variables, name);
  if (!/^https?:\/\//.test(value) || !URL.canParse(value)) {
    throw new Error(`${name} is not an http(s) URL.`);
  }
  return value.replace(/\/+$/, '');
}

function secret(name: string, value: string, local: boolean): string {
  if (new TextEncoder().encode(value).length < 32) {
    throw new Error(`${name} has fewer than 32 bytes. Make one with: openssl rand -base64 48`);
  }
  if (!local && publicSecrets.includes(value)) {
    throw new Error(`${name} is a published default. Make one with: openssl rand -base64 48`);
  }
  return value;
}

/** Hosted projects give keys as `SUPABASE_SECRET_KEYS`, a JSON object by name, and as the legacy service role key. */
function secretKeys(variables: Record<string, string | undefined>): [string, ...string[]] {
  const keys = [
    variables['SUPABASE_SECRET_KEY'],
    ...namedKeys(variables['SUPABASE_SECRET_KEYS']),
    variables['SUPABASE_SERVICE_ROLE_KEY'],
  ].filter((key): key is string => typeof key === 'string' && key.length >= 16);
  const [first, ...rest] = keys;
  if (first === undefined) throw new Error('SUPABASE_SECRET_KEY is not set.');
  return [first, ...rest];
}

function namedKeys(json: string | undefined): unknown[] {
  if (!json) return [];
  let keys: unknown;
  try {
    keys = JSON.parse(json);
  } catch {
    throw new Error('SUPABASE_SECRET_KEYS is not JSON.');
  }
  if (typeof keys !== 'object' || keys === null) {
    throw new Error('SUPABASE_SECRET_KEYS is not a JSON object.');
  }
  const named = Object.entries(keys) as [string, unknown][];
  // `default` first: it is the one that is used.
  return named
    .sort(([a], [b]) => Number(b === 'default') - Number(a === 'default'))
    .map(([, value]) => value);
}
