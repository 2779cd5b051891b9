import type { StartReply } from '@interview/protocol';
import { Courier } from '../delivery/courier.ts';
import { Outbox } from '../delivery/outbox.ts';
import { InterviewError } from '../errors.ts';
import { SocketSignaller } from '../signalling/socket.ts';
import type { Joined, SessionContext } from './context.ts';
import { sha256 } from './digest.ts';
import { proxyUrls } from './proxy-urls.ts';

/** The invitation and the key of this browser, as every request carries them. @throws InterviewError invitation_invalid */
export async function credentials(
  context: SessionContext,
): Promise<{ invitation: string; device_key: string; locale: string }> {
  const { invitation } = context.options;
  if (invitation === undefined) {
    throw new InterviewError('invitation_invalid', 'No invitation was given.');
  }
  const { deviceKey } = await context.identity.of(invitation);
  return { invitation, device_key: deviceKey, locale: localeOf(context) };
}

/** Redeems the invitation, or repeats it for a fresh token. */
export async function redeem(context: SessionContext): Promise<StartReply> {
  const { consents, mode = 'voice' } = context.input;
  const answers = consents.map(async ({ purpose, version, text, granted }) => ({
    purpose,
    version,
    granted,
    text_hash: await sha256(text),
    locale: localeOf(context),
  }));
  const reply = await context.backend.start(
    { step: 'start', ...(await credentials(context)), consents: await Promise.all(answers), mode },
    context.abort.signal,
  );
  await context.identity.began(context.options.invitation ?? '', reply.session.id);
  return reply;
}

/** Takes up the rows of the session and begins to connect to the proxy; who needs the connection waits for it. */
export async function join(context: SessionContext, reply: StartReply): Promise<Joined> {
  leave(context);
  const { logger, ports, view } = context;
  context.store ??= await ports.openStore();
  const outbox = await takeUp(context, reply);
  const signaller = new SocketSignaller({
    urls: proxyUrls(context.options, reply.proxy.ws_url),
    token: reply.token,
    renew: async () => (await redeem(context)).token,
    ports,
    logger,
    handlers: {
      onReady: ({ writers }) => void courier.connected(writers),
      onDown: () => courier.disconnected(),
      onMessage: (message) => context.obey(message),
      onRefused: (error) => {
        joined.closed = true;
        context.refused(error);
      },
    },
  });
  const courier = new Courier({
    outbox,
    signaller,
    logger,
    random: ports.random,
    onRefused: (cause) => {
      view.error = new InterviewError('delivery_failed', 'The server takes no more rows.', {
        cause,
      });
    },
  });
  const joined: Joined = { reply, outbox, signaller, courier, closed: false };
  context.joined = joined;
  view.delivery = outbox.status;
  signaller.connect(context.abort.signal);
  return joined;
}

/** Closes the connection to the proxy. What waits stays stored. */
export function leave({ joined }: SessionContext): void {
  if (!joined || joined.closed) return;
  joined.closed = true;
  joined.courier.stop();
  joined.signaller.close();
}

/** The rows of this session: those of this page, when it is started again, and those of earlier pages. */
async function takeUp(context: SessionContext, reply: StartReply): Promise<Outbox> {
  const { joined, writerId, logger, view } = context;
  if (joined?.reply.session.id === reply.session.id) return joined.outbox;
  const store = context.store ?? (await context.ports.openStore());
  return Outbox.open({
    store,
    sessionId: reply.session.id,
    writerId,
    logger,
    onChange: (status) => {
      view.delivery = status;
    },
  });
}

function localeOf({ options }: SessionContext): string {
  const wanted =
    options.locale ?? (globalThis.navigator as Partial<Navigator> | undefined)?.language;
  return wanted === undefined || wanted === '' ? 'en' : wanted;
}
