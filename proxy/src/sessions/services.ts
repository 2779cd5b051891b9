import type { FastifyBaseLogger } from 'fastify';
import type { Drain } from '../drain.ts';
import type { Storage } from '../storage/port.ts';
import type { SilenceLadder } from '../supervision/silence.ts';
import type { Upstream } from '../upstream/port.ts';
import type { AnswersFirst } from './answers-first.ts';
import type { OffersInFlight } from './offers-in-flight.ts';

/** What every door of a session calls. */
export interface Services {
  storage: Storage;
  upstreams: Upstreams;
  offersInFlight: OffersInFlight;
  answersFirst: AnswersFirst;
  log: FastifyBaseLogger;
  drain: Drain;
  /** Names this process in leases; another one after a restart. */
  holder: string;
  /** Instead of what is done about a candidate's silence otherwise. */
  silence?: SilenceLadder | undefined;
}

/** The interviewers that may be asked. */
export interface Upstreams {
  /** Where calls go. `simulated` only for those who may ask for it. */
  choose: (simulated: boolean) => Upstream;
  /** The one that a stored call was made with; null where this process has none of that name. */
  named: (name: string) => Upstream | null;
}
