import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { jwtVerify } from 'jose';
import { Agent, request as send } from 'undici';
import { buildInstructions } from '../src/supervision/instructions.ts';
import { interviewTools } from '../src/supervision/tools.ts';
import { turnDetectionOf } from '../src/supervision/turn-detection.ts';
import { plan } from '../src/testing/interview.ts';
import { multipart } from '../src/upstream/multipart.ts';
import { openAiSession } from '../src/upstream/openai-session.ts';

/**
 * The least that a proxy must do: verify a token and pass the offer on with the key and a session of the server's.
 * What it does for each offer is what one would write by hand: no limits, no database, nobody who looks after the call.
 */
const secret = new TextEncoder().encode(process.env['JWT_SECRET']);
const upstream = process.env['OPENAI_BASE_URL'] ?? '';
const dispatcher = new Agent({ pipelining: 1 });
const session = JSON.stringify(
  openAiSession(
    {
      instructions: buildInstructions({
        company: 'Northwind',
        title: 'Product designer',
        language: 'en',
        mode: 'voice',
        plan,
      }),
      mode: 'voice',
      turnDetection: turnDetectionOf('voice'),
      tools: interviewTools(plan),
      language: 'en',
      candidateId: '',
      ownPage: true,
    },
    { model: 'gpt-realtime-2.1', transcriptionModel: 'gpt-transcribe', voice: 'marin' },
  ),
);

const app = Fastify();
app.addContentTypeParser('application/sdp', { parseAs: 'string' }, (_request, body, parsed) =>
  parsed(null, body),
);
app.post('/v1/calls', async (request, reply) => {
  const token = request.headers.authorization?.slice('Bearer '.length) ?? '';
  await jwtVerify(token, secret, { algorithms: ['HS256'], audience: 'interview-proxy' });
  const form = multipart([
    { name: 'sdp', type: 'application/sdp', body: request.body as string },
    { name: 'session', type: 'application/json', body: session },
  ]);
  const answer = await send(`${upstream}/realtime/calls`, {
    method: 'POST',
    headers: { 'content-type': form.contentType, authorization: 'Bearer sk-bench' },
    body: form.body,
    dispatcher,
  });
  const sdp = await answer.body.text();
  return reply
    .code(answer.statusCode)
    .header('location', '/v1/calls/1')
    .type('application/sdp')
    .send(sdp);
});
await app.listen({ port: 0, host: '127.0.0.1', backlog: 4096 });
console.log(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}`);
