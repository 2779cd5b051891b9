/**
 * Runs under Deno: serves every edge function of a folder in one process at `/functions/v1/<name>`, as the hosted
 * runtime does with one process each. Arguments: folder, port.
 */
declare const Deno: {
  args: string[];
  serve: (...parts: unknown[]) => unknown;
  readDir: (path: URL) => AsyncIterable<{ name: string; isDirectory: boolean }>;
  stdin: { readable: ReadableStream<Uint8Array> };
  exit: (code: number) => never;
};

type Handler = (request: Request, info?: unknown) => Response | Promise<Response>;

const [folder = '', port = ''] = Deno.args;
const base = new URL(`file://${folder}/`);
const realServe = Deno.serve.bind(Deno);

/** Imports one function and catches the handler that it hands to `Deno.serve`, or exports as `fetch`. */
async function load(name: string): Promise<Handler> {
  let caught: Handler | undefined;
  const capture = (...parts: unknown[]): unknown => {
    const options = parts.find((part): part is { handler: Handler } => typeof part === 'object');
    caught = parts.find((part): part is Handler => typeof part === 'function') ?? options?.handler;
    return { finished: new Promise(() => undefined), shutdown: () => Promise.resolve() };
  };
  Object.defineProperty(Deno, 'serve', { configurable: true, writable: true, value: capture });
  const module = (await import(new URL(`${name}/index.ts`, base).href)) as {
    default?: { fetch?: Handler };
  };
  Object.defineProperty(Deno, 'serve', { configurable: true, writable: true, value: realServe });
  const handler = caught ?? module.default?.fetch;
  if (!handler) throw new Error(`The function ${name} serves nothing.`);
  return handler;
}

const handlers = new Map<string, Handler>();
for await (const entry of Deno.readDir(base)) {
  const isFunction = entry.isDirectory && !/^[_.]|^(node_modules|tests?)$/.test(entry.name);
  if (isFunction) handlers.set(entry.name, await load(entry.name));
}

realServe({ port: Number(port), hostname: '127.0.0.1' }, (request: Request, info: unknown) => {
  const { pathname } = new URL(request.url);
  if (pathname === '/healthz') return Response.json({ functions: [...handlers.keys()] });
  const handler = handlers.get(/^\/functions\/v1\/([^/]+)/.exec(pathname)?.[1] ?? '');
  if (handler) return handler(request, info);
  return Response.json({ message: `There is no function at ${pathname}.` }, { status: 404 });
});

// Standard input is a pipe from the stack: it ends when the stack does.
void (async () => {
  const reader = Deno.stdin.readable.getReader();
  while (!(await reader.read()).done);
  Deno.exit(0);
})();
