import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { choosePorts } from './ports.ts';

describe('choosePorts', () => {
  it('takes another port where the wanted one is taken, and says so', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const { port } = squatter.address() as AddressInfo;
    const { ports, notices } = await choosePorts({
      supabase: port,
      proxy: 0,
      pages: 0,
      simulator: 0,
    });
    squatter.close();
    expect(ports.supabase).not.toBe(port);
    expect(notices).toEqual([
      `Port ${port} is taken: supabase listens at ${ports.supabase} instead.`,
    ]);
  });

  it('gives no port twice', async () => {
    const any = { supabase: 0, proxy: 0, pages: 0, simulator: 0 };
    const { ports } = await choosePorts(any);
    expect(new Set(Object.values(ports)).size).toBe(5);
  });
});
