import type { ServerMessage } from '@interview/protocol';
import type { InterviewError } from '../errors.ts';
import { overdue } from './failures.ts';

interface Waiting {
  resolve(message: ServerMessage): void;
  reject(error: InterviewError): void;
  timer: ReturnType<typeof setTimeout>;
}

/** Requests that were sent and not yet answered, by their ids. */
export class OpenRequests {
  readonly #waiting = new Map<string, Waiting>();

  /**
   * Resolves with the reply.
   *
   * @param what the type of the request, for the message of the error
   * @param deadlineMs milliseconds
   * @throws InterviewError proxy_timeout at the deadline, or whatever it was rejected with
   */
  reply(id: string, what: string, deadlineMs: number): Promise<ServerMessage> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.reject(id, overdue(what, deadlineMs));
      }, deadlineMs);
      this.#waiting.set(id, { resolve, reject, timer });
    });
  }

  /** False when nobody waits for it. */
  resolve(id: string, message: ServerMessage): boolean {
    const waiting = this.#take(id);
    waiting?.resolve(message);
    return waiting !== undefined;
  }

  /** False when nobody waits for it. */
  reject(id: string, error: InterviewError): boolean {
    const waiting = this.#take(id);
    waiting?.reject(error);
    return waiting !== undefined;
  }

  /** All were answered at once. */
  resolveAll(message: ServerMessage): void {
    for (const id of [...this.#waiting.keys()]) this.resolve(id, message);
  }

  /** Nothing more will be answered. */
  rejectAll(error: InterviewError): void {
    for (const id of [...this.#waiting.keys()]) this.reject(id, error);
  }

  #take(id: string): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    clearTimeout(waiting?.timer);
    this.#waiting.delete(id);
    return waiting;
  }
}
