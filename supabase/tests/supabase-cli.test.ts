import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { platform } from './database.ts';
import { typesFile, typesOf } from './database-types.ts';
import { findCli, openTarget, root, runCli } from './supabase-cli.ts';

const cli = findCli();
/** As a project is before anybody has pushed to it. */
const postgres = cli === null ? null : await openTarget([platform]);
const remote = `--remote=${postgres?.url ?? ''}`;
const run = (...args: string[]) => runCli(cli ?? '', [...args, remote]);
const migrations = readdirSync(join(root, 'supabase', 'migrations'));

afterAll(() => postgres?.close());

describe.skipIf(postgres === null)('the Supabase CLI, of this folder', () => {
  it('pushes every migration once, and the demonstration as often as one likes', async () => {
    const first = await run('db', 'push', '--include-seed');
    expect([first.code, first.output]).toEqual([0, expect.stringContaining('seed.sql')]);
    expect(first.output.match(/Applying migration \S+\.sql/g)).toHaveLength(migrations.length);
    const second = await run('db', 'push', '--include-seed');
    expect([second.code, second.output]).toEqual([
      0,
      expect.stringContaining('Remote database is up to date.'),
    ]);
    const rows = await postgres?.query('select external_id from public.tenants');
    expect(rows).toEqual([{ external_id: 'test-tenant' }]);
  });

  it('finds no error and no warning of security, by the rules that it brings along', async () => {
    const lint = async () => {
      const { stdout } = await run('db', 'advisors', '--level', 'warn', '--output', 'json');
      const found = JSON.parse(stdout) as { name: string; level: string; categories: string[] }[];
      return found
        .filter(({ level, categories }) => level === 'ERROR' || categories.includes('SECURITY'))
        .map(({ name }) => name);
    };
    expect(await lint()).toEqual([]);
    // Or it looked at nothing.
    await postgres?.execute(`
      create table public.open (id integer primary key);
      create view public.seen as select * from public.tenants;
      grant select on public.open, public.seen to anon`);
    expect((await lint()).sort()).toEqual(['rls_disabled_in_public', 'security_definer_view']);
    await postgres?.execute('drop table public.open; drop view public.seen');
  });

  it('makes of the database the types that are kept: npm run types -w supabase', async () => {
    expect(await typesOf(cli ?? '', postgres?.url ?? '')).toBe(readFileSync(typesFile, 'utf8'));
  });

  it('reads config.toml, and says what is wrong in it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'supabase-config-'));
    cpSync(join(root, 'supabase', 'templates'), join(folder, 'supabase', 'templates'), {
      recursive: true,
    });
    const written = readFileSync(join(root, 'supabase', 'config.toml'), 'utf8');
    for (const [right, wrong, told] of [
      ['otp_length = 6', 'otp_length = "six"', 'auth.email.otp_length'],
      ['templates/code.html', 'templates/none.html', 'auth.email.template'],
    ] as const) {
      expect(written).toContain(right);
      writeFileSync(join(folder, 'supabase', 'config.toml'), written.replaceAll(right, wrong));
      const refused = await run('db', 'push', '--workdir', folder);
      expect([refused.code, refused.output]).toEqual([1, expect.stringContaining(told)]);
    }
    rmSync(folder, { recursive: true });
  });
});
