import { ProxyError } from '../proxy-error.ts';
import type { Services } from '../sessions/services.ts';
import { Drain } from '../drain.ts';
import { AnswersFirst } from '../sessions/answers-first.ts';
import { OffersInFlight } from '../sessions/offers-in-flight.ts';
import { pino } from 'pino';
import type { AnsweredCall, Sideband, Upstream } from '../upstream/port.ts';
import type { MemoryStorage } from './memory-storage.ts';

/** An interviewer on whose calls nothing happens. */
export class SilentUpstream implements Upstream {
  readonly name = 'openai';
  readonly dialect = 'openai-realtime';
  supervised = true;
  readonly hangups: string[] = [];
  /** Names of calls that were attached to. */
  readonly attached: string[] = [];
  /** Knows none of its calls any more. */
  gone = false;
  /** Settles when a hang-up is answered. */
  hangingUp: Promise<void> = Promise.resolve();
  /** Settles when a channel opens. */
  opening: Promise<void> = Promise.resolve();

  openCall(): Promise<AnsweredCall> {
    return Promise.reject(new Error('not asked here'));
  }

  hangup(id: string): Promise<void> {
    this.hangups.push(id);
    return this.hangingUp;
  }

  async attach(id: string): Promise<Sideband> {
    this.attached.push(id);
    await this.opening;
    if (this.gone) throw new ProxyError('call_not_found', 'The test has it gone.');
    return { send: () => true, close: () => undefined };
  }
}

/** What a process has whose calls all are with that interviewer. */
export function servicesOf(storage: MemoryStorage, upstream: Upstream, holder = 'me'): Services {
  return {
    storage,
    upstreams: {
      choose: () => upstream,
      named: (name) => (name === upstream.name ? upstream : null),
    },
    offersInFlight: new OffersInFlight(1),
    answersFirst: new AnswersFirst(),
    log: pino({ level: 'silent' }),
    drain: new Drain(),
    holder,
  };
}
