import type { DeviceList } from '../events.ts';

/** A device that goes in or out is told several times; this long after the last, milliseconds, the list is read. */
const SETTLE_MS = 250;

/** Microphones and speakers that the browser shows; none where it shows nothing. */
export async function listDevices(mediaDevices: MediaDevices | null): Promise<DeviceList> {
  const devices = (await mediaDevices?.enumerateDevices()) ?? [];
  return {
    microphones: devices.filter(({ kind }) => kind === 'audioinput'),
    speakers: devices.filter(({ kind }) => kind === 'audiooutput'),
  };
}

/** Tells when devices came or went, or the permission to use a microphone changed, until `signal` is aborted. */
export function watchDevices(
  mediaDevices: MediaDevices | null,
  onChange: () => void,
  signal: AbortSignal,
): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const settle = (): void => {
    clearTimeout(timer);
    timer = setTimeout(onChange, SETTLE_MS);
  };
  mediaDevices?.addEventListener('devicechange', settle, { signal });
  signal.addEventListener('abort', () => clearTimeout(timer));
  const { permissions } = globalThis.navigator as Partial<Navigator>;
  permissions?.query({ name: 'microphone' }).then(
    (permission) => permission.addEventListener('change', settle, { signal }),
    // Not every browser tells of this permission.
    () => undefined,
  );
}
