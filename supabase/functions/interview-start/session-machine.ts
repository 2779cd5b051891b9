import {
  FLY_REQUEST_MS,
  FlyError,
  FlyMachines,
  type FlyApp,
  type FlyMachine,
} from '../_shared/fly-machines.ts';
import { Refusal } from '../_shared/refusal.ts';

/** A page waits 15 s for its start, and the database has a share of it, milliseconds. */
const BUDGET_MS = 10_000;
/** Fly takes one request a second and kind, a few more for a moment, milliseconds. */
const PAUSE_MS = 1_000;
/** A machine may be looked at five times a second, milliseconds. */
const LOOK_MS = 300;
const QUOTA_RETRY_S = 60;
const PORT = 8080;
/** By which machines are found again. */
const METADATA_KEY = 'interview_session';

/** What machines of sessions are made of. */
export interface MachineSettings extends FlyApp {
  image: string;
  /** Where a machine is made; the next one where the first has no room. */
  regions: [string, ...string[]];
  cpus: number;
  memoryMb: number;
  /** For the machine's environment, beside the secrets of the app. */
  environment: Record<string, string>;
}

export interface MachineDependencies {
  /** Takes a line for operators. */
  log: (line: Record<string, unknown>) => void;
  /** Milliseconds. */
  pause?: (ms: number) => Promise<void>;
  now?: () => number;
}

/** Machines in these states serve, or will. */
const alive = new Set([
  'created',
  'creating',
  'starting',
  'started',
  'restarting',
  'updating',
  'replacing',
]);

/** Gives every session a machine of its own, the same however often it is asked for, as long as that one lives. */
export class SessionMachines {
  readonly #settings: MachineSettings;
  readonly #fly: FlyMachines;
  readonly #log: MachineDependencies['log'];
  readonly #pause: (ms: number) => Promise<void>;
  readonly #now: () => number;

  constructor(settings: MachineSettings, { log, pause, now }: MachineDependencies) {
    this.#settings = settings;
    this.#fly = new FlyMachines(settings);
    this.#log = log;
    this.#pause = pause ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms)));
    this.#now = now ?? Date.now;
  }

  /**
   * The id of the session's machine, which takes requests.
   *
   * @throws Refusal `capacity`: no room, or not ready yet; asking again finds what was begun
   * @throws FlyError where Fly is not set up rightly
   */
  async machineFor(session: string): Promise<string> {
    const until = this.#now() + BUDGET_MS;
    for (;;) {
      const machine = await this.#have(session, until);
      if (await this.#isReady(machine, until)) return machine.id;
      // It is dead, or died while it started. Its name is free once it is gone.
      await this.#repeat(until, (ms) => this.#fly.destroy(machine.id, ms));
    }
  }

  /** The machine that there is, or a new one. */
  async #have(session: string, until: number): Promise<FlyMachine> {
    const { regions } = this.#settings;
    let [region, ...others]: string[] = regions;
    for (;;) {
      try {
        return await this.#fly.create(
          {
            name: `session-${session}`,
            region: region ?? regions[0],
            config: this.#configOf(session),
          },
          this.#share(until),
        );
      } catch (error) {
        const reason = error instanceof FlyError ? error.reason : null;
        // The reply to an earlier request may have been lost: the name says that there is one.
        if (error instanceof FlyError && reason === 'name_taken') {
          const known = await this.#named(error, session, until);
          if (known) return known;
        } else if (reason === 'no_capacity' && others.length > 0) {
          [region, ...others] = others;
          continue;
        } else if (reason !== 'busy' && reason !== 'unreachable') this.#giveUp(error, session);
        await this.#wait(until);
      }
    }
  }

  /** The machine that has the name already; null where it is gone by now. */
  async #named(refusal: FlyError, session: string, until: number): Promise<FlyMachine | null> {
    const known = await this.#repeat(until, async (ms) =>
      refusal.machineId === null
        ? (await this.#fly.find(METADATA_KEY, session, ms)).at(0)
        : await this.#fly.get(refusal.machineId, ms),
    );
    return known ?? null;
  }

  /** Waits until it runs and its checks pass; false when it died on the way. */
  async #isReady({ id }: FlyMachine, until: number): Promise<boolean> {
    for (;;) {
      const machine = await this.#repeat(until, (ms) => this.#fly.get(id, ms));
      if (!machine || !alive.has(machine.state)) return false;
      // A machine that has just started has reported none yet.
      const checks = machine.checks ?? [];
      const passing = checks.length > 0 && checks.every(({ status }) => status === 'passing');
      if (machine.state === 'started' && passing) return true;
      await this.#wait(until, LOOK_MS);
    }
  }

  /** Asks until Fly answers; what may have been done before does no harm here. */
  async #repeat<T>(until: number, ask: (ms: number) => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await ask(this.#share(until));
      } catch (error) {
        const passing = error instanceof FlyError && /^(busy|unreachable)$/.test(error.reason);
        if (!passing) throw error;
        await this.#wait(until);
      }
    }
  }

  /** What a request may take of the time that is left, milliseconds. */
  #share(until: number): number {
    return Math.max(Math.min(FLY_REQUEST_MS, until - this.#now()), 1);
  }

  async #wait(until: number, ms = PAUSE_MS): Promise<void> {
    if (this.#now() + ms > until) {
      throw new Refusal('capacity', 'The room of this interview is not ready yet. Try again.', {
        retryAfterS: 2,
      });
    }
    await this.#pause(ms);
  }

  #giveUp(error: unknown, session: string): never {
    if (!(error instanceof FlyError)) throw error;
    if (error.reason !== 'quota' && error.reason !== 'no_capacity') throw error;
    this.#log({ session, fly: error.reason, detail: error.message });
    throw new Refusal('capacity', 'Every interview room is in use. Try again in some minutes.', {
      retryAfterS: QUOTA_RETRY_S,
    });
  }

  #configOf(session: string): unknown {
    const { image, cpus, memoryMb, environment } = this.#settings;
    return {
      image,
      // It ends itself after its session, and leaves nothing behind.
      auto_destroy: true,
      restart: { policy: 'no' },
      guest: { cpu_kind: 'shared', cpus, memory_mb: memoryMb },
      env: {
        ...environment,
        SESSION_ISOLATION: 'fly-machine',
        SESSION_ID: session,
        PORT: `${PORT}`,
        // As in fly.toml, which does not reach this machine.
        HOST: '::',
      },
      metadata: { [METADATA_KEY]: session },
      services: [
        {
          protocol: 'tcp',
          internal_port: PORT,
          autostart: false,
          autostop: 'off',
          ports: [{ port: 443, handlers: ['tls', 'http'] }],
        },
      ],
      checks: {
        ready: {
          type: 'http',
          port: PORT,
          method: 'GET',
          path: '/readyz',
          interval: '2s',
          timeout: '2s',
          grace_period: '1s',
        },
      },
      // Nanoseconds: calls are let go within this.
      stop_config: { signal: 'SIGTERM', timeout: 30_000_000_000 },
    };
  }
}
