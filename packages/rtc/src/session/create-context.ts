import type { WriterId } from '@interview/protocol';
import { openAiRealtime } from '../conversation/openai-realtime.ts';
import { InterviewError } from '../errors.ts';
import { silentLogger } from '../logger.ts';
import { Media } from '../media/media.ts';
import type { InterviewSessionOptions, Ports } from '../options.ts';
import { TranscriptLog } from '../transcript/log.ts';
import { Backend } from './backend.ts';
import { browserPorts } from './browser-ports.ts';
import type { SessionContext } from './context.ts';
import { replaceLostMicrophone } from './devices.ts';
import { randomText } from './digest.ts';
import { Identity } from './identity.ts';
import { Machine } from './machine.ts';
import { handleRefused, handleServerMessage } from './server-messages.ts';
import { View, type Tell } from './view.ts';

/** Makes the parts of a session and joins them. Nothing is asked of the browser yet but what it has. */
export function createContext(options: InterviewSessionOptions, tell: Tell): SessionContext {
  const logger = options.logger ?? silentLogger;
  const ports = browserPorts({ ...options.ports, ...privacy(options) }, logger);
  const log = new TranscriptLog();
  const media = new Media(
    ports,
    {
      onMicrophoneLost: () => void replaceLostMicrophone(context),
      onDevices: () => void tellDevices(context),
      onPlaybackBlocked: () => {
        context.view.error = new InterviewError('playback_blocked');
      },
    },
    options.captionsOnly === true,
  );
  const context: SessionContext = {
    options,
    ports,
    logger,
    media,
    tell,
    machine: new Machine((state, previous) => tell('statechange', { state, previous })),
    log,
    view: new View(tell, () => log.lines),
    backend: new Backend(options, ports.fetch),
    identity: new Identity(ports, logger),
    decoder: openAiRealtime,
    writerId: `b_${randomText(16)}` as WriterId,
    obey: (message) => handleServerMessage(context, message),
    refused: (error) => handleRefused(context, error),
    abort: new AbortController(),
    input: { consents: [] },
    store: null,
    joined: null,
    call: null,
    trouble: null,
    ending: null,
    playbackResumed: null,
    destroyed: false,
    hurry: null,
  };
  return context;
}

/** On a shared computer nothing stays for the next person. */
function privacy({ remember }: InterviewSessionOptions): Partial<Ports> {
  return remember === false ? { indexedDB: null, localStorage: null } : {};
}

async function tellDevices({ media, tell, logger }: SessionContext): Promise<void> {
  try {
    const { microphoneId, speakerId } = media;
    tell('devices', { ...(await media.devices()), microphoneId, speakerId });
  } catch (error) {
    logger.warn('Devices not listed.', { error });
  }
}
