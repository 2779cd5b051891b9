/**
 * For tests of pages that use this package: a call without a network, and events that can be waited for.
 *
 * @module
 * @example
 * const transport = scriptedTransport();
 * const session = new InterviewSession({ backend, ports: { connectTransport: transport.connect } });
 * const states = collectEvents(session, 'statechange');
 * await session.start({ consents: [] });
 * transport.call.lose();
 * await states.until(({ state }) => state === 'reconnecting');
 */
export { collectEvents, type CollectedEvents, type EventSource } from './collect-events.ts';
export {
  scriptedTransport,
  type ScriptedCall,
  type ScriptedStep,
  type ScriptedTransport,
} from './scripted-transport.ts';
