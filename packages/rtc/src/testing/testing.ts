export { collectEvents, type CollectedEvents, type EventSource } from './collect-events.ts';
export {
  scriptedTransport,
  type ScriptedCall,
  type ScriptedTransport,
} from './scripted-transport.ts';
