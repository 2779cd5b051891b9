import type { DeviceList } from '../events.ts';

/** Microphones and speakers that the browser shows; none where it shows nothing. */
export async function listDevices(mediaDevices: MediaDevices | null): Promise<DeviceList> {
  const devices = (await mediaDevices?.enumerateDevices()) ?? [];
  return {
    microphones: devices.filter(({ kind }) => kind === 'audioinput'),
    speakers: devices.filter(({ kind }) => kind === 'audiooutput'),
  };
}
