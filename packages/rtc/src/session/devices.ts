import { InterviewError } from '../errors.ts';
import type { SessionContext } from './context.ts';

/** Speaks through another microphone, in the call too, without a new offer. @throws InterviewError microphone_… */
export async function useMicrophone(context: SessionContext, deviceId?: string): Promise<void> {
  const track = await context.media.openMicrophone(deviceId);
  await context.call?.replaceTrack(track);
}

/** The microphone was pulled out or its permission taken back: the browser's next choice takes its place. */
export async function replaceLostMicrophone(context: SessionContext): Promise<void> {
  const { view, logger } = context;
  logger.warn('The microphone was lost.');
  try {
    await useMicrophone(context);
  } catch (error) {
    view.error = InterviewError.from(error, 'microphone_failed');
  }
}
