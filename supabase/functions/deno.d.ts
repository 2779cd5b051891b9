/** The little of Deno that the functions' entries use, for type checks that run outside of Deno. */
declare const Deno: {
  readonly env: { toObject(): Record<string, string> };
  serve(handler: (request: Request) => Promise<Response>): unknown;
};
