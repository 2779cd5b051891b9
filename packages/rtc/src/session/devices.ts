import { InterviewError } from '../errors.ts';
import type { SessionContext } from './context.ts';
import { tellMuted } from './trouble.ts';

/**
 * Speaks through another microphone, in the call too, without a new offer. While the microphone is let go the choice is
 * only remembered.
 *
 * @throws InterviewError microphone_…
 */
export async function useMicrophone(context: SessionContext, deviceId?: string): Promise<void> {
  const { media, view } = context;
  if (deviceId !== undefined && media.absence === 'released') {
    media.preferMicrophone(deviceId);
    return;
  }
  await media.openMicrophone({ deviceId });
  await speak(context);
  if (view.error?.code.startsWith('microphone_')) view.error = null;
}

/** Plays what the browser had blocked, and lets the talk begin that waits for it. @throws InterviewError playback_blocked */
export async function resumePlayback(context: SessionContext): Promise<void> {
  const { media, view } = context;
  await media.resumePlayback();
  if (view.error?.code === 'playback_blocked') view.error = null;
  context.playbackResumed?.();
  context.playbackResumed = null;
}

/**
 * The microphone was pulled out, cut off or its permission taken back: what the browser has takes its place. Where it has
 * none the call stays, in silence, until there is one again.
 */
export async function replaceLostMicrophone(context: SessionContext): Promise<void> {
  const { view, logger } = context;
  logger.warn('Microphone lost.');
  try {
    await useMicrophone(context);
  } catch (error) {
    const failure = InterviewError.from(error, 'microphone_failed');
    // Given up, since it was closed or opened otherwise meanwhile.
    if (failure.code === 'aborted') return;
    await speak(context);
    // Each device that comes or goes leads here again; what is known is not told twice.
    if (view.error?.code !== failure.code) view.error = failure;
  }
}

/** Sends silence; with `release` the microphone is let go as well, and the browser's recording sign goes out. */
export function mute(
  context: SessionContext,
  { release = false }: { release?: boolean } = {},
): Promise<void> {
  return setMuted(context, true, { release });
}

/** Mutes or unmutes; without a change nothing happens. */
export async function setMuted(
  context: SessionContext,
  muted: boolean,
  { release }: { release: boolean },
): Promise<void> {
  const { media, tell } = context;
  const letGo = release && (media.track !== null || media.absence === 'lost');
  if (muted === media.muted && !letGo) return;
  media.muted = muted;
  if (letGo) media.closeMicrophone('released');
  else if (!muted && media.absence !== null) await reopen(context);
  tellMuted(context);
  tell('muted', { muted: media.muted, released: media.absence === 'released' });
  if (letGo) await speak(context);
}

/** Speaks again. @throws InterviewError microphone_… where a microphone that was let go can't be opened again */
export function unmute(context: SessionContext): Promise<void> {
  return setMuted(context, false, { release: false });
}

/** Whoever can't be heard stays muted, and sees so. */
async function reopen(context: SessionContext): Promise<void> {
  try {
    await useMicrophone(context);
  } catch (error) {
    context.media.muted = true;
    throw error;
  }
}

/** Gives the call the microphone that is open now, or none. */
async function speak({ call, media, logger }: SessionContext): Promise<void> {
  try {
    await call?.replaceTrack(media.track);
  } catch (error) {
    // A call that is over takes no track; the next one is made with the right one.
    logger.warn('Microphone not taken.', { error });
  }
}
