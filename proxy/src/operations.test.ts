import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isErrorCode } from '@interview/protocol';
import { describe, expect, it } from 'vitest';
import { startProxy } from './testing/proxy.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const text = (path: string): string => readFileSync(join(root, path), 'utf8');
const runbook = text('proxy/OPERATIONS.md');
const { scripts } = JSON.parse(text('package.json')) as { scripts: Record<string, string> };

/** Commands of fenced blocks and of the text, one a line. */
const commands = [
  ...[...runbook.matchAll(/```bash[^\n]*\n(.*?)```/gs)].flatMap(([, block = '']) =>
    block.replaceAll('\\\n', ' ').trim().split('\n'),
  ),
  ...[...runbook.matchAll(/`((?:fly|supabase|npm|docker|git) [^`]+)`/g)].map(([, one = '']) => one),
].flatMap((line) => line.split(/ && | \| /).map((one) => one.trim()));

/** Commands and flags that the manuals of these tools name (flyctl 0.3, supabase 2). */
const known: Record<string, readonly string[]> = {
  'fly apps create': [],
  'fly checks list': ['--app'],
  'fly config validate': ['--config'],
  'fly deploy': ['--config', '--dockerfile', '--image', '--env'],
  'fly logs': ['--app', '--no-tail'],
  'fly machine list': ['--app'],
  'fly machine restart': ['--app'],
  'fly proxy': ['--app'],
  'fly releases': ['--app', '--image'],
  'fly scale count': ['--app'],
  'fly secrets list': ['--app'],
  'fly secrets set': ['--app', '--stage'],
  'fly secrets unset': ['--app', '--stage'],
  'fly status': ['--app'],
  'fly tokens create deploy': ['--app'],
  'supabase db push': [],
  'supabase functions delete': ['--project-ref'],
  'supabase functions deploy': ['--project-ref', '--workdir'],
  'supabase functions list': ['--project-ref'],
  'supabase link': ['--project-ref'],
  'supabase secrets set': ['--project-ref'],
  'supabase secrets unset': ['--project-ref'],
};

describe('every command of the runbook', () => {
  it.each([...new Set(commands)])('%s', (command) => {
    const [tool = '', ...words] = command.split(/\s+/);
    if (tool === 'fly' || tool === 'supabase') {
      const name = Object.keys(known).find((one) => `${command} `.startsWith(`${one} `));
      expect(name).toBeDefined();
      for (const flag of words.filter((word) => word.startsWith('--'))) {
        expect(known[name ?? '']).toContain(flag);
      }
    } else if (tool === 'npm') {
      const [verb = '', script = ''] = words;
      if (verb === 'run') expect(scripts).toHaveProperty([script]);
      else expect(verb === 'ci' || scripts[verb] !== undefined).toBe(true);
    } else {
      expect(['curl', 'grep', 'openssl', 'export', 'git']).toContain(tool);
    }
  });

  it('names files and functions that exist', () => {
    for (const [path] of runbook.matchAll(/\bproxy\/[\w./-]+\w/g)) {
      expect(existsSync(join(root, path))).toBe(true);
    }
    const functions = readdirSync(join(root, 'supabase/functions')).filter((name) =>
      existsSync(join(root, 'supabase/functions', name, 'index.ts')),
    );
    const deployed = commands.flatMap(
      (command) =>
        /^supabase functions deploy ([\w-]+) --project-ref "\$PROJECT"$/.exec(command)?.[1] ?? [],
    );
    expect(deployed.sort()).toEqual(functions.sort());
  });
});

describe('the tables of the runbook', () => {
  it('explain every variable that the proxy reads, and no other', () => {
    const [, schema = ''] =
      /const Environment = z\s*\.object\(\{(.*?)\n {2}\}\)/s.exec(text('proxy/src/config.ts')) ??
      [];
    const read = [...schema.matchAll(/^ {4}([A-Z][A-Z_]+):/gm)].map(([, name]) => name);
    const [, table = ''] = /## Settings and secrets(.*?)###/s.exec(runbook) ?? [];
    const explained = [...table.matchAll(/^\| (`[A-Z_`, ]+)\|/gm)].flatMap(([, names = '']) =>
      [...names.matchAll(/[A-Z_]+/g)].map(([name]) => name),
    );
    expect(read.length).toBeGreaterThan(10);
    expect(explained.sort()).toEqual(read.sort());
  });

  it('explain every variable that the functions read, and no other', () => {
    const source = text('supabase/functions/_shared/environment.ts');
    const read = [...source.matchAll(/'((?:[A-Z]+_)+[A-Z]+)'/g)].map(([, name]) => name);
    const [, table = ''] = /### Of the functions(.*?)###/s.exec(runbook) ?? [];
    const explained = [...table.matchAll(/^\| `([A-Z_]+)` +\|/gm)].map(([, name]) => name);
    expect(read.length).toBeGreaterThan(10);
    expect(explained.sort()).toEqual([...new Set(read)].sort());
  });

  it('set what must be set, on both sides, before the first deploy', () => {
    const [, first = ''] = /### The first time(.*?)\n## /s.exec(runbook) ?? [];
    const set = (tool: string): string[] =>
      [...first.replaceAll('\\\n', ' ').matchAll(new RegExp(`^${tool} .*$`, 'gm'))].flatMap(
        ([line]) => [...line.matchAll(/ ([A-Z_]+)=/g)].map(([, name = '']) => name),
      );
    const needed = (table: string): string[] =>
      [...table.matchAll(/^\| `([A-Z_]+)` .*\| must be set/gm)].map(([, name = '']) => name);
    const [, tables = ''] = /## Settings and secrets(.*?)### Rotation/s.exec(runbook) ?? [];
    const [ofProxy = '', ofFunctions = ''] = tables.split('### Of the functions');
    expect(needed(ofProxy)).toContain('JWT_SECRET');
    expect(set('fly secrets set --app interview-sdp-proxy')).toEqual(
      expect.arrayContaining(needed(ofProxy)),
    );
    const machines = ['FLY_API_TOKEN', 'FLY_MACHINE_APP', 'FLY_MACHINE_IMAGE'];
    expect(set('supabase secrets set')).toEqual(
      expect.arrayContaining([...needed(ofFunctions), ...machines]),
    );
    // What a session's machine is not told by interview-start.
    const [, env = ''] =
      /env: \{(.*?)\}/s.exec(text('supabase/functions/interview-start/session-machine.ts')) ?? [];
    expect(env).toContain('...environment');
    const own = needed(ofProxy).filter((name) => name !== 'SUPABASE_URL');
    expect(set('fly secrets set --stage')).toEqual(expect.arrayContaining(own));
  });

  it('watch metrics that are there', async () => {
    const proxy = await startProxy();
    const metrics = (await proxy.app.inject('/metrics')).body;
    await proxy.close();
    const named = [...runbook.matchAll(/\b(?:interview|nodejs|process)_[a-z\d_]+/g)].map(
      ([name]) => name,
    );
    expect(named.length).toBeGreaterThan(10);
    for (const name of new Set(named)) {
      expect(metrics).toContain(`# TYPE ${name.replace(/_(count|bucket)$/, '')} `);
    }
  });

  it('explain codes and log lines that there are', () => {
    const [, table = ''] = /## Failures(.*?)```/s.exec(runbook) ?? [];
    const codes = [...table.matchAll(/`((?:upstream|storage|supervision|origin)_[a-z_]+)`/g)];
    expect(codes.length).toBeGreaterThan(7);
    for (const [, code] of codes) expect(isErrorCode(code)).toBe(true);
    const sources = readdirSync(join(root, 'proxy/src'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.includes('.test.'))
      .map((path) => text(join('proxy/src', path)))
      .join('\n');
    const lines = [...table.matchAll(/log ((?:`[^`]+`(?:, )?)+)/g)].flatMap(([, all = '']) =>
      [...all.matchAll(/`([^`]+)`/g)].map(([, line = '']) => line),
    );
    expect(lines.length).toBeGreaterThan(6);
    for (const line of lines.filter((one) => !one.startsWith('interview_'))) {
      expect(sources).toContain(`'${line}'`);
    }
  });
});
