import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import { createRequire } from 'node:module';
import type { AddressInfo, Server } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tls from 'node:tls';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { postWebhook, type Resolve } from './post-webhook.ts';

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(
    servers.splice(0).map((server) => new Promise((closed) => server.close(closed))),
  );
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return (server.address() as AddressInfo).port;
}
const to =
  (...addresses: string[]): Resolve =>
  () =>
    Promise.resolve(addresses);
const post = (url: string, options: { local?: boolean; resolve?: Resolve } = {}) =>
  postWebhook(new URL(url), { 'content-type': 'application/json' }, '{"a":"é"}', {
    local: true,
    ...options,
  });

describe('a request', () => {
  it('brings headers and body to the path, under the name of its host', async () => {
    const seen: unknown[] = [];
    const server = http.createServer((request, response) => {
      const { method, url, headers } = request;
      request
        .setEncoding('utf8')
        .on('data', (body: string) => seen.push({ method, url, headers, body }));
      request.on('end', () => response.writeHead(204).end());
    });
    const port = await listen(server);
    const url = `http://hooks.example:${port}/in?key=1`;
    expect(await post(url, { resolve: to('127.0.0.1') })).toEqual({ status: 204, error: null });
    expect(seen).toMatchObject([
      {
        method: 'POST',
        url: '/in?key=1',
        headers: { host: `hooks.example:${port}`, 'content-type': 'application/json' },
        body: '{"a":"é"}',
      },
    ]);
  });

  it('follows no redirect', async () => {
    const paths: unknown[] = [];
    const port = await listen(
      http.createServer((request, response) => {
        paths.push(request.url);
        response.writeHead(307, { location: '/elsewhere' }).end();
      }),
    );
    expect(await post(`http://127.0.0.1:${port}/`)).toEqual({ status: 307, error: null });
    expect(paths).toEqual(['/']);
  });

  it('reads no endless body', async () => {
    const hungUp = Promise.withResolvers<unknown>();
    const port = await listen(
      http.createServer((_request, response) => {
        response.on('close', () => hungUp.resolve(null));
        const more = () => {
          if (!response.destroyed) response.write('x'.repeat(65_536), more);
        };
        response.writeHead(200);
        more();
      }),
    );
    expect(await post(`http://127.0.0.1:${port}/`)).toEqual({ status: 200, error: null });
    await hungUp.promise;
  });

  it('waits five seconds and no longer', async () => {
    const timeout = vi.spyOn(AbortSignal, 'timeout');
    timeout.mockImplementation((ms) =>
      ms === 5_000 ? AbortSignal.abort() : new AbortController().signal,
    );
    const port = await listen(http.createServer(() => undefined));
    expect(await post(`http://127.0.0.1:${port}/`)).toEqual({ status: null, error: 'timeout' });
    timeout.mockRestore();
  });

  it('takes nonsense and a closed port for no answer', async () => {
    const port = await listen(createServer((socket) => socket.resume().end('SSH-2.0-x\r\n')));
    const unreachable = { status: null, error: 'unreachable' };
    expect(await post(`http://127.0.0.1:${port}/`)).toEqual(unreachable);
    expect(await post('http://127.0.0.1:1/')).toEqual(unreachable);
  });
});

describe('over https', () => {
  it('asks for the certificate of the name, wherever the name leads', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'webhook-'));
    const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-subj', '/CN=x'];
    const names = ['-addext', 'subjectAltName=DNS:hooks.example'];
    const files = ['-nodes', '-keyout', keyFile, '-out', certFile];
    execFileSync('openssl', ['req', '-x509', ...made, ...names, ...files], { stdio: 'ignore' });
    const [key, cert] = [readFileSync(keyFile), readFileSync(certFile, 'utf8')];
    rmSync(folder, { recursive: true });
    const port = await listen(https.createServer({ key, cert }, (_, reply) => reply.end()));
    const resolve = to('127.0.0.1');
    const unreachable = { status: null, error: 'unreachable' };
    expect(await post(`https://hooks.example:${port}/`, { resolve })).toEqual(unreachable);
    const former = tls.getCACertificates();
    tls.setDefaultCACertificates([...former, cert]);
    try {
      const trusted = await post(`https://hooks.example:${port}/`, { resolve });
      expect(trusted).toEqual({ status: 200, error: null });
      const other = await post(`https://other.example:${port}/`, { resolve });
      expect(other).toEqual(unreachable);
    } finally {
      tls.setDefaultCACertificates(former);
    }
  });

  it('does so under Deno too, with no right but the network', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'webhook-'));
    const file = (name: string) => join(folder, name);
    const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'ignore' });
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    openssl(
      'req',
      '-x509',
      ...curve,
      '-keyout',
      file('ca.key'),
      '-out',
      file('ca.pem'),
      '-subj',
      '/CN=ca',
    );
    const subject = ['-subj', '/CN=hooks.example', '-addext', 'subjectAltName=DNS:hooks.example'];
    openssl('req', ...curve, '-keyout', file('key.pem'), '-out', file('csr.pem'), ...subject);
    const by = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial'];
    const made = ['-in', file('csr.pem'), '-out', file('cert.pem'), '-copy_extensions', 'copy'];
    openssl('x509', '-req', ...made, ...by);
    const tlsOptions = { key: readFileSync(file('key.pem')), cert: readFileSync(file('cert.pem')) };
    const server = https.createServer(tlsOptions, (_, reply) => reply.end());
    let connections = 0;
    server.on('connection', () => (connections += 1));
    const port = await listen(server);
    writeFileSync(
      file('post.ts'),
      `import { postWebhook } from '${new URL('post-webhook.ts', import.meta.url).href}';
       const options = { local: true, resolve: () => Promise.resolve(['127.0.0.1']) };
       for (const url of Deno.args) console.log(JSON.stringify(await postWebhook(new URL(url), {}, '{}', options)));`,
    );
    const [right, wrong] = [`https://hooks.example:${port}/`, `https://other.example:${port}/`];
    const unreachable = { status: null, error: 'unreachable' };
    expect(await deno(file('post.ts'), null, [right])).toEqual([unreachable]);
    // Not for want of rights: it came as far as the certificate, which nobody vouches for.
    expect(connections).toBe(1);
    expect(await deno(file('post.ts'), file('ca.pem'), [right, wrong])).toEqual([
      { status: 200, error: null },
      unreachable,
    ]);
    rmSync(folder, { recursive: true });
  });
});

describe('an address that is refused', () => {
  const refused = { status: null, error: 'address_refused' };

  it.each([
    'http://127.0.0.1:9/',
    'https://127.0.0.1:9/',
    'https://localhost:9/',
    'https://[::1]:9/',
    'https://2130706433:9/',
    'https://0x7f.1:9/',
    'https://[::ffff:127.0.0.1]:9/',
    'https://169.254.169.254/latest/meta-data/',
    'http://10.0.0.1/',
  ])('%s, on a server that others reach', async (url) => {
    expect(await post(url, { local: false })).toEqual(refused);
  });

  it('is a private one behind any name, alone or among public ones', async () => {
    for (const resolve of [to('10.0.0.7'), to('8.8.8.8', '10.0.0.7')]) {
      expect(await post('https://hooks.example/', { local: false, resolve })).toEqual(refused);
    }
  });

  it('is a private network’s for a local project too, and a public one by plain http', async () => {
    expect(await post('http://10.0.0.1/')).toEqual(refused);
    expect(await post('http://hooks.example/', { resolve: to('8.8.8.8') })).toEqual(refused);
    expect(await post('ftp://127.0.0.1/')).toEqual(refused);
  });
});

it('a name without an address is unresolved', async () => {
  const fail: Resolve = () => Promise.reject(new Error('ENOTFOUND'));
  const unresolved = { status: null, error: 'unresolved' };
  expect(await post('https://hooks.example/', { resolve: fail })).toEqual(unresolved);
  expect(await post('https://hooks.example/', { resolve: to() })).toEqual(unresolved);
});

/** Runs a script as the local stack runs functions, and reads each line that it writes. */
async function deno(
  script: string,
  trusted: string | null,
  args: readonly string[],
): Promise<unknown[]> {
  const root = new URL('../../../../', import.meta.url);
  const { runInstall } = createRequire(root)('deno/install_api.cjs') as {
    runInstall: () => string;
  };
  const config = fileURLToPath(new URL('supabase/functions/deno.json', root));
  const { stdout } = await promisify(execFile)(
    runInstall(),
    [
      ...[
        'run',
        '--quiet',
        '--no-prompt',
        '--no-lock',
        '--cached-only',
        '--node-modules-dir=manual',
      ],
      ...['--allow-net', '--config', config, script, ...args],
    ],
    {
      env: {
        DENO_DIR: join(script, '..', 'deno'),
        ...(trusted !== null && { DENO_CERT: trusted }),
        DENO_NO_UPDATE_CHECK: '1',
      },
    },
  );
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}
