import type { CallId, EndReason, RealtimeSession, ServerMessage } from '@interview/protocol';
import type { FastifyBaseLogger } from 'fastify';
import type { SessionBrief, Storage } from '../storage/port.ts';
import type { Upstream } from '../upstream/port.ts';
import type { Loss } from './lease.ts';
import type { SilenceLadder } from './silence.ts';
import type { Supervisor } from './supervisor.ts';

/** What looks after an answered call: a supervisor, or no more than a timer where the server has no channel into it. */
export type Supervision = Pick<
  Supervisor,
  | 'attach'
  | 'connected'
  | 'act'
  | 'type'
  | 'pause'
  | 'unpause'
  | 'trouble'
  | 'mute'
  | 'snapshot'
  | 'endReason'
  | 'epoch'
  | 'lapsed'
  | 'settle'
  | 'stop'
>;

export interface SupervisionOptions {
  call: { id: CallId; providerCallId: string; startedAt: number };
  brief: SessionBrief;
  /** Taking over a call that another process may have begun; `by_force`: also from one that lives. */
  adopted: false | 'when_free' | 'by_force';
  /** What the call's session is to be; null where the server's channel can't tell. */
  session: RealtimeSession | null;
  /** Names this process in the lease. */
  holder: string;
  /** Instead of what is done about a silence otherwise. */
  silence?: SilenceLadder | undefined;
  storage: Storage;
  upstream: Upstream;
  log: FastifyBaseLogger;
  /** To the candidate's pages. */
  tell: (message: ServerMessage) => void;
  /** A page of the candidate is there. */
  present: () => boolean;
  /** Something came by the page's own channel: its media are there as well. */
  reached: () => void;
  /** The interview is over; the call still lives, so that last rows can come. */
  left: (reason: EndReason) => void;
  /** The candidate is gone, or the provider, or a page does what only the server may; the call must be closed. */
  lost: (why: 'absent' | 'upstream_closed' | 'tampered') => void;
  /** Another supervisor has the call, or a newer call the session. */
  fenced: (loss: Loss) => void;
}
