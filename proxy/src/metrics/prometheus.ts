import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Meter } from './meter.ts';

/** Label values that come from the database or from code that others write: no more than so many are told apart. */
const MAX_KINDS = 40;
/** Seconds. An answer of a provider takes 0.3 to 2 s, and is waited for 15 s. */
const UPSTREAM_BUCKETS = [0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1.2, 2, 3, 5, 8, 15];
const STORAGE_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What is read off when somebody asks. */
export interface Readings {
  sessions: () => number;
  calls: () => number;
  /** Of what waits longest for the database, milliseconds. */
  outboxAgeMs: () => number;
  draining: () => boolean;
}

/** Counts what happens, in the text format of Prometheus (version 0.0.4). */
export class Prometheus implements Meter {
  readonly #registry = new Registry();
  readonly #registers = [this.#registry];
  readonly #reasons = new Kinds();
  readonly #integrityKinds = new Kinds();
  readonly #answers = this.#counter('answers_total', 'Answers, by door and code.', [
    'door',
    'code',
  ]);
  readonly #callsOpened = this.#counter('calls_opened_total', 'Calls that were asked for.', [
    'provider',
    'reason',
  ]);
  readonly #callsClosed = this.#counter('calls_closed_total', 'Calls that ended, by reason.', [
    'reason',
  ]);
  readonly #acks = this.#counter('acks_total', 'Batches of rows that were acknowledged.', [
    'writer',
  ]);
  readonly #rows = this.#counter('rows_total', 'Rows of transcripts, by what came of them.', [
    'writer',
    'outcome',
  ]);
  readonly #integrity = this.#counter('integrity_events_total', 'Integrity events, by kind.', [
    'kind',
  ]);
  readonly #jobs = this.#counter('jobs_total', 'Jobs that ticks of this process worked on.', [
    'outcome',
  ]);
  readonly #waiting = this.#gauge('jobs_waiting', 'Jobs that were due after the last tick.');
  readonly #dead = this.#gauge(
    'jobs_dead',
    'Jobs that failed ten times in a row and wait for somebody to try them again.',
  );
  readonly #http = this.#histogram('http_seconds', 'HTTP exchanges.', STORAGE_BUCKETS, [
    'method',
    'route',
    'status',
  ]);
  readonly #upstream = this.#histogram(
    'upstream_seconds',
    'What the provider was asked for.',
    UPSTREAM_BUCKETS,
    ['provider', 'operation', 'outcome'],
  );
  readonly #keysRefused = this.#counter(
    'upstream_keys_refused_total',
    'Refusals of an API key by the provider.',
    ['provider'],
  );
  readonly #storage = this.#histogram(
    'storage_seconds',
    'What the database and the functions were asked for.',
    STORAGE_BUCKETS,
    ['operation', 'outcome'],
  );

  constructor(version: string, readings: Readings) {
    // Memory, processor time, garbage collection and the lag of the event loop.
    collectDefaultMetrics({ register: this.#registry });
    this.#gauge('build_info', 'Version of this proxy.', ['version']).set({ version }, 1);
    this.#read('sessions', 'Sessions with a page or a call here.', readings.sessions);
    this.#read('calls', 'Calls that are supervised here.', readings.calls);
    this.#read(
      'outbox_age_seconds',
      'How long rows have waited for the database.',
      () => readings.outboxAgeMs() / 1000,
    );
    this.#read('draining', '1 once this process takes no more calls.', () =>
      Number(readings.draining()),
    );
  }

  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;

  /** Everything that was counted. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  answered: Meter['answered'] = (door, code) => this.#answers.inc({ door, code });

  exchanged: Meter['exchanged'] = ({ method, route, status, seconds }) =>
    this.#http.observe({ method, route, status }, seconds);

  countSockets: Meter['countSockets'] = (open) =>
    this.#read('sockets', 'Sockets that are open.', open);

  callOpened: Meter['callOpened'] = (provider, reason) =>
    this.#callsOpened.inc({ provider, reason });

  callClosed: Meter['callClosed'] = (reason) =>
    this.#callsClosed.inc({ reason: this.#reasons.of(reason) });

  askedUpstream: Meter['askedUpstream'] = (provider, operation, outcome, seconds) =>
    this.#upstream.observe({ provider, operation, outcome }, seconds);

  keyRefused: Meter['keyRefused'] = (provider) => this.#keysRefused.inc({ provider });

  askedStorage: Meter['askedStorage'] = (operation, outcome, seconds) =>
    this.#storage.observe({ operation, outcome }, seconds);

  acknowledged: Meter['acknowledged'] = (writer, { stored, duplicates, refused }) => {
    this.#acks.inc({ writer });
    this.#rows.inc({ writer, outcome: 'stored' }, stored);
    this.#rows.inc({ writer, outcome: 'duplicate' }, duplicates);
    this.#rows.inc({ writer, outcome: 'refused' }, refused);
  };

  integrityEvent: Meter['integrityEvent'] = (kind) =>
    this.#integrity.inc({ kind: this.#integrityKinds.of(kind) });

  ticked: Meter['ticked'] = ({ processed, failed, remaining, dead }) => {
    this.#jobs.inc({ outcome: 'processed' }, processed);
    this.#jobs.inc({ outcome: 'failed' }, failed);
    this.#waiting.set(remaining);
    this.#dead.set(dead);
  };

  #counter(name: string, help: string, labelNames: string[]): Counter {
    return new Counter({ name: `interview_${name}`, help, labelNames, registers: this.#registers });
  }

  #gauge(name: string, help: string, labelNames: string[] = []): Gauge {
    return new Gauge({ name: `interview_${name}`, help, labelNames, registers: this.#registers });
  }

  #histogram(name: string, help: string, buckets: number[], labelNames: string[]): Histogram {
    const registers = this.#registers;
    return new Histogram({ name: `interview_${name}`, help, buckets, labelNames, registers });
  }

  #read(name: string, help: string, value: () => number): void {
    new Gauge({
      name: `interview_${name}`,
      help,
      registers: this.#registers,
      collect() {
        this.set(value());
      },
    });
  }
}

/** Keeps a label from growing without end, whatever it is given. */
class Kinds {
  readonly #known = new Set<string>();

  of(kind: string): string {
    if (!/^[a-z][a-z_]{0,39}$/.test(kind)) return 'other';
    if (this.#known.size < MAX_KINDS) this.#known.add(kind);
    return this.#known.has(kind) ? kind : 'other';
  }
}
