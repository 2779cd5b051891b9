import { describe, expect, it } from 'vitest';
import { readOffer } from './offer.ts';

const lines = [
  'v=0',
  'o=- 1 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE audio data',
  'm=audio 9 UDP/TLS/RTP/SAVPF 63 109',
  'a=candidate:1 1 udp 2122260223 0b1c.local 54321 typ host',
  'a=candidate:2 1 udp 2122260222 192.0.2.7 54322 typ host',
  'a=setup:actpass',
  'a=mid:audio',
  'a=sendrecv',
  'a=fingerprint:sha-256 AA',
  'a=rtpmap:63 red/48000/2',
  'a=rtpmap:109 opus/48000/2',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'a=mid:data',
  '',
];
const offer = (change: (line: string) => string = (line) => line): string =>
  lines.map(change).join('\r\n');

describe('an offer', () => {
  it('tells the section, payload type and direction of its audio', () => {
    expect(readOffer(offer())).toMatchObject({
      mid: 'audio',
      opusPayloadType: 109,
      direction: 'SendRecv',
    });
  });

  it.each([
    ['a=recvonly', 'SendOnly'],
    ['a=sendonly', 'RecvOnly'],
  ])('with %s is answered by %s', (line, direction) => {
    expect(readOffer(offer((one) => (one === 'a=sendrecv' ? line : one))).direction).toBe(
      direction,
    );
  });

  it('loses the candidates whose names only the local network knows, and no others', () => {
    expect(readOffer(offer()).sdp.match(/a=candidate.*/g)).toEqual([
      'a=candidate:2 1 udp 2122260222 192.0.2.7 54322 typ host',
    ]);
  });

  it.each([
    ['no SDP', '{"error":1}'],
    ['an answer', offer((line) => line.replace('actpass', 'passive'))],
    ['without Opus', offer((line) => line.replace('opus', 'speex'))],
    ['without audio', offer((line) => line.replace('m=audio', 'm=text'))],
  ])('is refused when it is %s', (_, sdp) => {
    expect(() => readOffer(sdp)).toThrow(expect.objectContaining({ code: 'invalid_offer' }));
  });
});
