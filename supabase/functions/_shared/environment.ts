/** What the functions read from their environment. */
export interface Environment {
  supabaseUrl: string;
  /** Keys of the service; the first is used, each is accepted. */
  secretKeys: [string, ...string[]];
  /** Signs session tokens. */
  jwtSecret: string;
  /** Still accepted while a rotation is under way. */
  jwtSecretPrevious: string | null;
  /** Published keys of an issuer that signs session tokens in place of `interview-start`. */
  jwksUrl: string | null;
  /** The proxy as candidates reach it, without a slash at its end. */
  proxyUrl: string;
  /** Set where user tokens are signed with a shared secret: legacy projects and the local stack. */
  authJwtSecret: string | null;
  /** Sessions may ask for the simulated interviewer. */
  simulation: boolean;
  /** Everything runs on this machine. */
  local: boolean;
  /** Set where every session gets a Fly Machine of its own. */
  machines: MachineEnvironment | null;
}

/** How machines of sessions are made: `SESSION_ISOLATION=fly-machine`. */
export interface MachineEnvironment {
  apiUrl: string;
  token: string;
  app: string;
  image: string;
  regions: [string, ...string[]];
  cpus: number;
  memoryMb: number;
  /** What a machine is told beside the secrets of its app. */
  environment: Record<string, string>;
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
    jwksUrl: variables['JWT_JWKS_URL'] ? safeUrl(variables, 'JWT_JWKS_URL', local) : null,
    proxyUrl,
    authJwtSecret: variables['AUTH_JWT_SECRET'] || null,
    simulation: variables['SIMULATION_MODE'] === 'true',
    local,
    machines: machines(variables),
  };
}

function machines(variables: Record<string, string | undefined>): MachineEnvironment | null {
  const isolation = variables['SESSION_ISOLATION'] || 'shared';
  if (isolation === 'shared') return null;
  if (isolation !== 'fly-machine') {
    throw new Error('SESSION_ISOLATION is neither shared nor fly-machine.');
  }
  const regions = (variables['FLY_MACHINE_REGIONS'] ?? '')
    .split(',')
    .map((region) => region.trim())
    .filter((region) => region !== '');
  if (regions.some((region) => !/^[a-z]{2,8}$/.test(region))) {
    throw new Error('FLY_MACHINE_REGIONS is not a list of regions, such as mia,iad.');
  }
  const [first = 'mia', ...others] = regions;
  return {
    apiUrl: variables['FLY_API_HOSTNAME']
      ? url(variables, 'FLY_API_HOSTNAME')
      : 'https://api.machines.dev',
    token: required(variables, 'FLY_API_TOKEN'),
    app: named(variables, 'FLY_MACHINE_APP'),
    image: required(variables, 'FLY_MACHINE_IMAGE'),
    regions: [first, ...others],
    cpus: count(variables, 'FLY_MACHINE_CPUS', 1),
    memoryMb: count(variables, 'FLY_MACHINE_MEMORY_MB', 512),
    environment: { SUPABASE_URL: url(variables, 'SUPABASE_URL') },
  };
}

function named(variables: Record<string, string | undefined>, name: string): string {
  const value = required(variables, name);
  // It stands in an address.
  if (!/^[a-z0-9-]{1,63}$/.test(value)) throw new Error(`${name} is not the name of a Fly app.`);
  return value;
}

function count(variables: Record<string, string | undefined>, name: string, usual: number): number {
  const value = Number(variables[name] || usual);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${name} is not a positive number.`);
  return value;
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

/** Over http whoever sits on the way could sign tokens. */
function safeUrl(
  variables: Record<string, string | undefined>,
  name: string,
  local: boolean,
): string {
  const address = url(variables, name);
  if (!local && !address.startsWith('https:')) throw new Error(`${name} is not an https URL.`);
  return address;
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
