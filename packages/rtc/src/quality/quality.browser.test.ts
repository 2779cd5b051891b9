import { expect } from 'chai';
import type { Quality } from '../events.ts';
import { watchQuality } from './quality.ts';

/** Two peers in this page that hear each other's fake microphone. */
async function call(): Promise<{ ours: RTCPeerConnection; theirs: RTCPeerConnection }> {
  const ours = new RTCPeerConnection();
  const theirs = new RTCPeerConnection();
  for (const [one, other] of [
    [ours, theirs],
    [theirs, ours],
  ] as const) {
    one.addEventListener('icecandidate', ({ candidate }) => void other.addIceCandidate(candidate));
    const voice = await navigator.mediaDevices.getUserMedia({ audio: true });
    for (const track of voice.getTracks()) one.addTrack(track, voice);
  }
  await ours.setLocalDescription();
  await theirs.setRemoteDescription(ours.localDescription ?? { type: 'offer' });
  await theirs.setLocalDescription();
  await ours.setRemoteDescription(theirs.localDescription ?? { type: 'answer' });
  return { ours, theirs };
}

describe('watchQuality in a browser', () => {
  it('finds every figure of a real call', async function () {
    this.timeout(15_000);
    const { ours, theirs } = await call();
    const abort = new AbortController();
    // The browser plays, and so counts, only what somebody listens to.
    const player = new Audio();
    player.srcObject = new MediaStream(ours.getReceivers().map(({ track }) => track));
    await player.play();
    const complete = (quality: Quality): boolean => !Object.values(quality).includes(null);
    const quality = await new Promise<Quality>((resolve) => {
      watchQuality({
        getStats: () => ours.getStats(),
        voice: () => ({ expected: true }),
        onQuality: (now) => {
          if (complete(now)) resolve(now);
        },
        signal: abort.signal,
      });
    });
    abort.abort();
    player.srcObject = null;
    for (const peer of [ours, theirs]) {
      for (const { track } of peer.getSenders()) track?.stop();
      peer.close();
    }
    // How well a busy machine does is not the question here.
    expect(quality.roundTripMs).to.be.within(0, 1_000);
    expect(quality.jitterMs).to.be.within(0, 1_000);
    expect(quality.loss).to.be.within(0, 1);
    expect(quality.concealed).to.be.within(0, 1);
  });
});
