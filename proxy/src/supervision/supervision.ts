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
  | 'snapshot'
  | 'endReason'
  | 'epoch'
  | 'lapsed'
  | 'settle'
  | 'stop'
>;
