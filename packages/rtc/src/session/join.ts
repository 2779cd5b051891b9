import type { StartReply } from '@interview/protocol';
import { Courier } from '../delivery/courier.ts';
import { Outbox } from '../delivery/outbox.ts';
import { InterviewError } from '../errors.ts';
import type { StepRequest } from '../options.ts';
import { ProxySignaller } from '../signalling/proxy-signaller.ts';
import type { Joined, SessionContext } from './context.ts';
import { sha256 } from './digest.ts';
import { proxyAddresses } from './proxy-urls.ts';
import { tellMuted, tellTrouble } from './trouble.ts';

/** How long a call may take to show that it lives after the page or its network changed, milliseconds. */
const CHECK_MS = 5_000;

/**
 * A request to `interview-start`, with the invitation and the key of this browser where there is one.
 *
 * @throws InterviewError invitation_invalid
 */
export async function requestFor(
  { options, identity }: SessionContext,
  step: StepRequest['step'],
): Promise<StepRequest> {
  const { invitation, backend } = options;
  const locale = localeOf(options.locale);
  if (invitation === undefined && !backend) {
    throw new InterviewError('invitation_invalid', 'No invitation was given.');
  }
  if (invitation === undefined) return { step, locale };
  const { deviceKey } = await identity.of(invitation);
  return { step, locale, invitation, device_key: deviceKey };
}

/** What begins the interview, with the candidate's consents. @throws InterviewError invitation_invalid */
export async function startRequest(context: SessionContext): Promise<StepRequest> {
  const { options, input } = context;
  const locale = localeOf(options.locale);
  const answers = input.consents.map(async ({ purpose, version, text, granted }) => ({
    purpose,
    version,
    granted,
    text_hash: await sha256(text),
    locale,
  }));
  const consents = await Promise.all(answers);
  return {
    ...(await requestFor(context, 'start')),
    consents,
    mode: input.mode ?? 'voice',
  };
}

/** Redeems the invitation, or repeats it for a fresh token. */
export async function redeem(
  context: SessionContext,
  request = startRequest(context),
): Promise<StartReply> {
  const { options, backend, identity, abort } = context;
  const reply = await overOrNot(context, backend.start(await request, abort.signal));
  const { id: sessionId, interview } = reply.session;
  const { title } = interview;
  const http = proxyAddresses(options, reply.proxy)[0]?.http ?? '';
  // Nobody waits for it: who comes back without it has the link.
  if (options.invitation !== undefined) {
    const proxy = { http, token: reply.token };
    void identity.began(options.invitation, { sessionId, title, proxy });
  }
  return reply;
}

/** Where the interview turns out to be over, what an earlier page left is delivered in the background. */
export function overOrNot<T>(context: SessionContext, reply: Promise<T>): Promise<T> {
  return reply.catch((error: unknown) => {
    if (error instanceof InterviewError && error.code === 'invitation_completed') {
      import('./late-rows.ts')
        .then(({ deliverLateRows }) => deliverLateRows(context))
        // What went wrong was logged where it did, and the next visit tries again.
        .catch(() => undefined);
    }
    throw error;
  });
}

/** Takes up the rows of the session and begins to connect to the proxy; who needs the connection waits for it. */
export async function join(context: SessionContext, reply: StartReply): Promise<Joined> {
  const { logger, ports, view, writerId } = context;
  const { signal } = context.abort;
  const outbox = await takeUp(context, reply);
  signal.throwIfAborted();
  const end = new AbortController();
  const signaller = new ProxySignaller({
    addresses: proxyAddresses(context.options, reply.proxy),
    token: reply.token,
    writerId,
    renew: async () => (await redeem(context)).token,
    ports,
    logger,
    handlers: {
      onReady: ({ writers }) => {
        tellTrouble(context);
        if (context.media.muted) tellMuted(context);
        void courier.connected(writers);
      },
      onDown: () => courier.disconnected(),
      onMessage: (message) => context.obey(message),
      onRefused: (error) => {
        end.abort();
        context.refused(error);
      },
    },
  });
  const courier = new Courier({
    outbox,
    signaller,
    logger,
    locks: ports.locks,
    random: ports.random,
    onRefused: (error) => {
      view.error = error;
    },
  });
  ports.onPage('leave', () => courier.flush(), end.signal);
  for (const change of ['visible', 'network', 'return'] as const) {
    ports.onPage(change, () => wake(context), end.signal);
  }
  const joined: Joined = { reply, outbox, signaller, courier, end };
  context.joined = joined;
  signal.addEventListener('abort', () => closeLine(joined), { once: true });
  view.delivery = outbox.status;
  signaller.connect(signal);
  return joined;
}

/** Closes the connection to the proxy, as does the end of the attempt that made it. What waits stays stored. */
export function closeLine({ end, courier, signaller }: Joined): void {
  end.abort();
  courier.stop();
  signaller.close();
}

/** The page or its network changed: whatever is connected must show that it lives. */
function wake({ joined, call }: SessionContext): void {
  joined?.signaller.wake();
  call?.check(CHECK_MS);
}

/** The rows of this session: those of this page, when it is started again, and those of earlier pages. */
async function takeUp(context: SessionContext, reply: StartReply): Promise<Outbox> {
  const { joined, writerId, logger, view, ports } = context;
  const { id: sessionId } = reply.session;
  if (joined?.reply.session.id === sessionId) return joined.outbox;
  return Outbox.open({
    store: await (context.store ??= ports.openStore()),
    sessionId,
    writerId,
    logger,
    onChange: (status) => {
      view.delivery = status;
    },
  });
}

function localeOf(given?: string): string {
  const { language } = (globalThis.navigator as Partial<Navigator> | undefined) ?? {};
  return [given, language].find(Boolean) ?? 'en';
}
