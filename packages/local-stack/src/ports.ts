import getPort from 'get-port';

/** What each service is usually found at. */
export const usualPorts = { supabase: 54321, proxy: 8080, pages: 3000, simulator: 8090 } as const;

export type PortName = keyof typeof usualPorts;

/** Where each service listens, and the functions behind the Supabase origin. */
export type Ports = Record<PortName | 'functions', number>;

/**
 * Finds a port for everything: the wanted one where it is free, else any.
 *
 * @param wanted Ports asked for; 0 takes any free one.
 * @returns The ports, and a line for each that could not be had.
 */
export async function choosePorts(
  wanted: Record<PortName, number>,
): Promise<{ ports: Ports; notices: string[] }> {
  const ports: Ports = { supabase: 0, proxy: 0, pages: 0, simulator: 0, functions: 0 };
  const notices: string[] = [];
  for (const name of Object.keys(usualPorts) as PortName[]) {
    const preferred = wanted[name];
    ports[name] = await freePort(preferred, Object.values(ports));
    if (preferred !== 0 && ports[name] !== preferred) {
      notices.push(`Port ${preferred} is taken: ${name} listens at ${ports[name]} instead.`);
    }
  }
  ports.functions = await freePort(0, Object.values(ports));
  return { ports, notices };
}

function freePort(preferred: number, taken: readonly number[]): Promise<number> {
  const exclude = taken.filter((port) => port !== 0);
  return getPort(preferred === 0 ? { exclude } : { port: preferred, exclude });
}
