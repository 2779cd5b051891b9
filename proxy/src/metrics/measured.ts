import { asProxyError } from '../proxy-error.ts';
import type { Upstreams } from '../sessions/services.ts';
import type { Storage } from '../storage/port.ts';
import type { Upstream } from '../upstream/port.ts';
import type { Meter } from './meter.ts';
import type { OutboxAge } from './outbox-age.ts';
import type { UpstreamHealth } from './upstream-health.ts';
import { timed } from './timed.ts';

/** The same storage, which tells what it was asked for and what came of it. */
export function measuredStorage(storage: Storage, meter: Meter, outbox: OutboxAge): Storage {
  const asked = timed(storage, (operation, outcome, seconds) =>
    meter.askedStorage(operation, outcome, seconds),
  );
  const counted: Partial<Storage> = {
    openCall: async (call) => {
      const opened = await asked.openCall(call);
      if (!opened.repeated) meter.callOpened(call.provider, call.reason);
      return opened;
    },
    closeCall: async (call, reason, epoch) => {
      const closed = await asked.closeCall(call, reason, epoch);
      if (closed) meter.callClosed(reason);
      return closed;
    },
    storeEntries: (session, writer, entries) => {
      outbox.tried(writer);
      return asked.storeEntries(session, writer, entries).then(
        (ack) => {
          outbox.settled(writer);
          const { stored, duplicates, refused } = ack;
          const kind = writer.startsWith('s_') ? 'server' : 'page';
          meter.acknowledged(kind, { stored, duplicates, refused: refused.length });
          return ack;
        },
        (error: unknown) => {
          // What is refused for good is not sent again.
          if (!asProxyError(error).retryable) outbox.settled(writer);
          throw error;
        },
      );
    },
    recordEvent: async (session, call, kind, detail) => {
      await asked.recordEvent(session, call, kind, detail);
      meter.integrityEvent(kind);
    },
    tick: async () => {
      const jobs = await asked.tick();
      meter.ticked(jobs);
      return jobs;
    },
  };
  return new Proxy(asked, {
    get: (target, key): unknown => Reflect.get(counted, key) ?? Reflect.get(target, key),
  });
}

/** The same interviewers, each of which tells what it was asked for. */
export function measuredUpstreams(
  upstreams: Upstreams,
  meter: Meter,
  health: UpstreamHealth,
): Upstreams {
  const known = new WeakMap<Upstream, Upstream>();
  const measured = (upstream: Upstream): Upstream => {
    const one =
      known.get(upstream) ??
      timed(upstream, (operation, outcome, seconds) => {
        meter.askedUpstream(upstream.name, operation, outcome, seconds);
        if (operation === 'openCall') health.answered(outcome);
      });
    known.set(upstream, one);
    return one;
  };
  return {
    ...upstreams,
    choose: (simulated) => measured(upstreams.choose(simulated)),
    named: (name) => {
      const found = upstreams.named(name);
      return found && measured(found);
    },
  };
}
