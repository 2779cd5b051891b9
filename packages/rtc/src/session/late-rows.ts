import { Courier } from '../delivery/courier.ts';
import { Outbox } from '../delivery/outbox.ts';
import { InterviewError } from '../errors.ts';
import { postRequest, type HttpSide } from '../signalling/ask-proxy.ts';
import type { Signaller } from '../signalling/signaller.ts';
import type { SessionContext } from './context.ts';

/*
 * The interview of a link is over, and the server lets nobody in any more; what an earlier page could not deliver it
 * still takes for a day, by the token that the page had. Loaded by those who open such a link.
 */

/** How long late rows are taken after an end, milliseconds. */
const TAKEN_MS = 24 * 3_600_000;
/** How long it is tried, milliseconds; the next visit goes on. */
const PATIENCE_MS = 120_000;

/** Delivers the rows that this browser still has, and forgets the invitation. What fails is told and tried next time. */
export async function deliverLateRows(context: SessionContext): Promise<void> {
  const { options, identity, ports, logger, writerId } = context;
  const { signal } = context.abort;
  const { invitation = '' } = options;
  const { sessionId, proxy, savedAt } = await identity.of(invitation);
  const store = await ports.openStore();
  try {
    signal.throwIfAborted();
    if (sessionId !== null) {
      const onChange = (): void => undefined;
      const outbox = await Outbox.open({ store, sessionId, writerId, logger, onChange });
      if (!proxy || ports.now() - savedAt > TAKEN_MS) expire(context, outbox);
      else if (!(await deliver(context, outbox, proxy, signal))) return;
      await outbox.clear();
      await outbox.settled();
    }
    await identity.forget(invitation);
  } finally {
    store.close?.();
  }
}

/** Nobody takes them any more: that is told before they go. */
function expire({ view }: SessionContext, { status }: Outbox): void {
  if (status.pending > 0) view.error = new InterviewError('delivery_expired');
}

/** True when nothing waits any more. */
async function deliver(
  { ports, logger, view }: SessionContext,
  outbox: Outbox,
  proxy: Pick<HttpSide, 'http' | 'token'>,
  end: AbortSignal,
): Promise<boolean> {
  const { promise: refused, resolve } = Promise.withResolvers<boolean>();
  const courier = new Courier({
    outbox,
    signaller: { request: poster({ ...proxy, fetch: ports.fetch }, end), flush: () => undefined },
    locks: ports.locks,
    random: ports.random,
    logger,
    onRefused: (error) => {
      view.error = error;
      resolve(error.code === 'delivery_expired');
    },
  });
  end.addEventListener('abort', () => courier.stop(), { once: true });
  void courier.connected({});
  const delivered = await Promise.race([courier.drained(PATIENCE_MS), refused]);
  courier.stop();
  return delivered;
}

function poster(side: HttpSide, end: AbortSignal): Signaller['request'] {
  let ids = 0;
  return (message, deadlineMs) => {
    ids += 1;
    const signal = AbortSignal.any([end, AbortSignal.timeout(deadlineMs)]);
    return postRequest(side, { ...message, id: `late-${ids}` }, signal);
  };
}
