import type { InterviewMode, SessionId } from '@interview/protocol';
import type { Command, CommandReply, SessionBrief, Storage } from '../storage/port.ts';
import { plan } from './interview.ts';
import { holderOf, MemoryCalls } from './memory-calls.ts';

/** What waited so long is not done any more, milliseconds. */
const COMMAND_LIFE_MS = 10_000;

/** One session in memory, by the rules of the database as far as the proxy sees them. */
export class MemoryStorage extends MemoryCalls implements Storage {
  mode: InterviewMode = 'voice';
  tamper: 'record' | 'enforce' = 'enforce';
  transcript: SessionBrief['transcript'] = [];
  interviewPlan = plan;
  renewable = true;
  ticks = 0;
  readonly commands: (Command & {
    key: string | null;
    sentAt: number;
    taken: boolean;
    reply: CommandReply | null;
  })[] = [];

  sessionBrief = async (session: SessionId): Promise<SessionBrief | null> => {
    this.reach();
    if (session !== this.session) return Promise.resolve(null);
    return Promise.resolve({
      session: {
        id: this.session,
        candidate_id: '9b2a3a4e-7a0e-4a0c-8f44-000000000001',
        status: this.status,
        phase: this.phase,
        deadline_at: this.deadline === null ? null : new Date(this.deadline).toISOString(),
        mode: this.mode,
        end_reason: this.endReason,
        reducer: structuredClone(this.reducer),
      },
      tenant: { name: 'Northwind', tamper: this.tamper },
      interview: {
        title: 'Product designer',
        language: 'en',
        duration_s: this.durationS,
        plan: this.interviewPlan,
      },
      calls: this.calls.map((call) => ({
        ...call,
        holder: holderOf(call),
        epoch: call.lease?.epoch ?? null,
      })),
      writers: Object.fromEntries(
        [...this.rows.keys()].map((writer) => [writer, this.mark(writer)]),
      ),
      transcript: this.transcript,
    });
  };

  sessionGlance: Storage['sessionGlance'] = async (session) => {
    const brief = await this.sessionBrief(session);
    if (!brief) return null;
    const { id, status, phase, end_reason } = brief.session;
    const connected = brief.calls.some((call) => call.connected_at && !call.closed_at);
    return { session: { id, status, phase, end_reason }, writers: brief.writers, connected };
  };

  sendCommand: Storage['sendCommand'] = async (session, message, key) => {
    this.reach(session);
    const known = this.commands.find((one) => key !== undefined && one.key === key);
    if (known?.taken) return known.id;
    if (this.holder === null) return null;
    if (known) {
      known.sentAt = Date.now();
      return known.id;
    }
    const id = this.commands.length + 1;
    const sentAt = Date.now();
    const fresh = { sentAt, taken: false, reply: null };
    this.commands.push({ id, session, message, key: key ?? null, ...fresh });
    return Promise.resolve(id);
  };

  takeCommands: Storage['takeCommands'] = async (holder) => {
    this.reach();
    if (this.holder !== holder) return Promise.resolve([]);
    const late = Date.now() - COMMAND_LIFE_MS;
    const due = this.commands.filter((one) => !one.taken && one.sentAt > late);
    for (const one of due) one.taken = true;
    return Promise.resolve(due.map(({ id, session, message }) => ({ id, session, message })));
  };

  answerCommand: Storage['answerCommand'] = async (id, reply) => {
    this.reach();
    const command = this.commands[id - 1];
    if (command?.taken) command.reply ??= reply;
    return Promise.resolve();
  };

  commandReply: Storage['commandReply'] = async (id, last) => {
    this.reach();
    const command = this.commands[id - 1];
    if (!command) return null;
    if (last && !command.taken) {
      command.taken = true;
      command.key = null;
      return 'withdrawn';
    }
    return Promise.resolve(command.reply);
  };

  recordEvent: Storage['recordEvent'] = async (session, _call, kind, detail) => {
    this.reach(session);
    this.events.push({ kind, detail });
    return Promise.resolve();
  };

  renewAllowed = async (session: SessionId): Promise<boolean> => {
    this.reach(session);
    return Promise.resolve(this.renewable);
  };

  tick: Storage['tick'] = async () => {
    this.reach();
    this.ticks += 1;
    return Promise.resolve({ processed: 0, failed: 0, remaining: 0, dead: 0 });
  };

  check = async (): Promise<void> => {
    this.reach();
    return Promise.resolve();
  };
}
