import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestPage } from './proxy.ts';

/** Lets a peer that only knows the provider's door make its call through the proxy's socket. */
export async function doorThrough(
  proxy: { storage: { calls: readonly { provider_call_id: string | null }[] } },
  page: TestPage,
): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const form = await new Response(Buffer.concat(chunks), {
        headers: { 'content-type': request.headers['content-type'] ?? '' },
      }).formData();
      const sdp = await (form.get('sdp') as File).text();
      const offer = { type: 'offer', writer_id: page.writer, sdp, reason: 'start' };
      const answer = await page.ask(offer);
      const providerCallId = proxy.storage.calls[0]?.provider_call_id ?? '';
      response.writeHead(201, { location: `/v1/realtime/calls/${providerCallId}` });
      response.end(String(answer['sdp']));
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}
