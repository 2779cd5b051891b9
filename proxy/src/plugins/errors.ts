import { errorBody, errorMeaning, type ErrorCode } from '@interview/protocol';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { asProxyError, ProxyError } from '../proxy-error.ts';

/** One shape for every refusal; what went wrong inside is logged and never told. */
export const errorsPlugin = fp(
  (app, _options, done) => {
    app.setErrorHandler((error: FastifyError, request, reply) => {
      const refusal = refusalOf(error);
      const { status } = errorMeaning(refusal.code);
      if (status >= 500) request.log.error({ err: error, cause: refusal.cause }, 'request failed');
      return sendRefusal(refusal, request, reply);
    });
    app.setNotFoundHandler((request, reply) =>
      sendRefusal(new ProxyError('not_found', 'There is nothing here.'), request, reply),
    );
    done();
  },
  { name: 'errors' },
);

/** Answers with a refusal; `status` where HTTP has one that says more than that of the code. */
export function sendRefusal(
  refusal: ProxyError,
  request: FastifyRequest,
  reply: FastifyReply,
  status: number = errorMeaning(refusal.code).status,
): FastifyReply {
  request.server.meter.answered('http', refusal.code);
  request.log.info({ code: refusal.code }, 'refused');
  if (refusal.retryAfterMs !== undefined) {
    void reply.header('retry-after', Math.ceil(refusal.retryAfterMs / 1000));
  }
  if (refusal.code === 'token_missing' || refusal.code === 'token_invalid') {
    void reply.header('www-authenticate', 'Bearer');
  }
  return reply
    .code(status)
    .type('application/json; charset=utf-8')
    .send(errorBody(refusal.code, refusal.message, request.id));
}

const byStatus: Readonly<Record<number, [ErrorCode, string]>> = {
  400: ['bad_request', 'The request is malformed.'],
  404: ['not_found', 'There is nothing here.'],
  405: ['method_not_allowed', 'This address does not take that method.'],
  413: ['payload_too_large', 'The request is too large.'],
  415: ['unsupported_media_type', 'This address does not take that media type.'],
};

/** What a library refuses is the request's fault, whatever it calls it: a range that a page has not, a condition that fails. */
function refusalOf(error: FastifyError): ProxyError {
  const { statusCode: status = 500 } = error;
  const known = byStatus[status >= 400 && status < 500 && !(status in byStatus) ? 400 : status];
  return known ? new ProxyError(known[0], known[1], { cause: error }) : asProxyError(error);
}
