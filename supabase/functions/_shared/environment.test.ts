import { describe, expect, it } from 'vitest';
import { readEnvironment } from './environment.ts';

const variables = {
  SUPABASE_URL: 'https://project.supabase.co/',
  SUPABASE_SECRET_KEY: 'sb_secret_0123456789',
  JWT_SECRET: 'a secret of more than thirty-two bytes',
  PROXY_URL: 'https://proxy.example/',
};
const published = 'super-secret-jwt-token-with-at-least-32-characters-long';

describe('readEnvironment', () => {
  it('reads what is set and leaves out slashes at the end', () => {
    expect(readEnvironment(variables)).toEqual({
      supabaseUrl: 'https://project.supabase.co',
      secretKeys: ['sb_secret_0123456789'],
      jwtSecret: variables.JWT_SECRET,
      jwtSecretPrevious: null,
      jwksUrl: null,
      proxyUrl: 'https://proxy.example',
      authJwtSecret: null,
      simulation: false,
      local: false,
      machines: null,
    });
  });

  it('takes the keys that hosted projects give, the default first', () => {
    const hosted = {
      ...variables,
      SUPABASE_SECRET_KEY: undefined,
      SUPABASE_SECRET_KEYS: JSON.stringify({
        other: 'sb_secret_other_key',
        default: 'sb_secret_default_key',
      }),
      SUPABASE_SERVICE_ROLE_KEY: 'legacy.service.role.key',
    };
    expect(readEnvironment(hosted).secretKeys).toEqual([
      'sb_secret_default_key',
      'sb_secret_other_key',
      'legacy.service.role.key',
    ]);
  });

  it.each(Object.keys(variables))('says that %s is missing', (name) => {
    expect(() => readEnvironment({ ...variables, [name]: undefined })).toThrow(name);
  });

  it.each([
    [{ JWT_SECRET: 'short' }, 'fewer than 32 bytes'],
    [{ JWT_SECRET: published }, 'published default'],
    [{ JWT_SECRET_PREVIOUS: 'short' }, 'JWT_SECRET_PREVIOUS'],
    [{ SUPABASE_URL: 'project.supabase.co' }, 'SUPABASE_URL'],
    [{ SUPABASE_SECRET_KEY: '', SUPABASE_SECRET_KEYS: '{' }, 'not JSON'],
    [{ SUPABASE_SECRET_KEY: '', SUPABASE_SECRET_KEYS: '1' }, 'not a JSON object'],
  ])('refuses %o without telling a value', (wrong, message) => {
    const read = () => readEnvironment({ ...variables, ...wrong });
    expect(read).toThrow(message);
    expect(read).not.toThrow(published);
  });

  it('takes a published secret where everything runs on this machine', () => {
    const local = { ...variables, PROXY_URL: 'http://127.0.0.1:8080', JWT_SECRET: published };
    expect(readEnvironment(local)).toMatchObject({ local: true, jwtSecret: published });
  });

  it('reads published keys over a safe connection only, but locally', () => {
    const keys = 'https://issuer.example/jwks.json';
    expect(readEnvironment({ ...variables, JWT_JWKS_URL: keys }).jwksUrl).toBe(keys);
    const plain = { ...variables, JWT_JWKS_URL: 'http://127.0.0.1:9/jwks.json' };
    expect(() => readEnvironment(plain)).toThrow('JWT_JWKS_URL');
    expect(readEnvironment({ ...plain, PROXY_URL: 'http://127.0.0.1:8080' }).jwksUrl).toBe(
      plain.JWT_JWKS_URL,
    );
  });

  describe('with a machine for every session', () => {
    const fly = {
      ...variables,
      SESSION_ISOLATION: 'fly-machine',
      FLY_API_TOKEN: 'FlyV1 secret',
      FLY_MACHINE_APP: 'interview-sessions',
      FLY_MACHINE_IMAGE: 'registry.fly.io/interview-sdp-proxy:v1',
    };

    it('fills in what is usual', () => {
      expect(readEnvironment(fly).machines).toEqual({
        apiUrl: 'https://api.machines.dev',
        token: 'FlyV1 secret',
        app: 'interview-sessions',
        image: 'registry.fly.io/interview-sdp-proxy:v1',
        regions: ['mia'],
        cpus: 1,
        memoryMb: 512,
        environment: { SUPABASE_URL: 'https://project.supabase.co' },
      });
      const regions = { ...fly, FLY_MACHINE_REGIONS: 'mia, iad' };
      expect(readEnvironment(regions).machines?.regions).toEqual(['mia', 'iad']);
    });

    it.each([
      ['SESSION_ISOLATION', 'docker'],
      ['FLY_API_TOKEN', ''],
      ['FLY_API_HOSTNAME', 'api.machines.dev'],
      ['FLY_MACHINE_APP', '../other'],
      ['FLY_MACHINE_IMAGE', ''],
      ['FLY_MACHINE_REGIONS', 'mia;iad'],
      ['FLY_MACHINE_CPUS', 'two'],
      ['FLY_MACHINE_MEMORY_MB', '-1'],
    ])('says that %s is wrong', (name, value) => {
      expect(() => readEnvironment({ ...fly, [name]: value })).toThrow(name);
    });
  });
});
