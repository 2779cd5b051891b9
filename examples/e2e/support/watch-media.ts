/** What tests know of a page's media; set up before the page's own code runs. */
export interface WatchedMedia {
  /** Every microphone track that the page ever had. */
  readonly tracks: MediaStreamTrack[];
  readonly peers: RTCPeerConnection[];
  /** Lets the recorded voice through, or keeps it back as a person does who says nothing. */
  speak: (on: boolean) => void;
}

declare global {
  interface Window {
    watchedMedia: WatchedMedia;
  }
}

/**
 * Runs inside the page: remembers microphones and connections, and gates the voice at the track. The page's own
 * `enabled` keeps its meaning, so muting works as ever.
 */
export function watchMedia(): void {
  const own = Object.getOwnPropertyDescriptor(MediaStreamTrack.prototype, 'enabled');
  const wanted = new WeakMap<MediaStreamTrack, boolean>();
  const tracks: MediaStreamTrack[] = [];
  const peers: RTCPeerConnection[] = [];
  let speaking = true;
  const apply = (track: MediaStreamTrack): void => {
    own?.set?.call(track, (wanted.get(track) ?? true) && (speaking || !tracks.includes(track)));
  };
  Object.defineProperty(MediaStreamTrack.prototype, 'enabled', {
    configurable: true,
    get(this: MediaStreamTrack) {
      return wanted.get(this) ?? true;
    },
    set(this: MediaStreamTrack, on: boolean) {
      wanted.set(this, on);
      apply(this);
    },
  });
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const stream = await open(constraints);
    tracks.push(...stream.getAudioTracks());
    tracks.forEach(apply);
    return stream;
  };
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      peers.push(this);
    }
  };
  window.watchedMedia = {
    tracks,
    peers,
    speak: (on) => {
      speaking = on;
      tracks.forEach(apply);
    },
  };
}
