import { describe, expect, it } from 'vitest';
import { MAX_OFFER_BYTES, offerProblem } from './call.ts';

const offer = [
  'v=0',
  'o=- 4611731400430051336 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0 1',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'c=IN IP4 0.0.0.0',
  'a=ice-ufrag:abcd',
  'a=fingerprint:sha-256 AA:BB',
  'a=setup:actpass',
  'a=mid:0',
  'a=sendrecv',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'a=setup:actpass',
  'a=mid:1',
  '',
].join('\r\n');

describe('offerProblem', () => {
  it('finds nothing wrong with an offer of one audio line and a data channel', () => {
    expect(offerProblem(offer)).toBeNull();
  });

  it.each(['sendonly', 'recvonly'])('takes %s audio', (direction) => {
    expect(offerProblem(offer.replace('sendrecv', direction))).toBeNull();
  });

  it('takes bare line feeds, which some clients send', () => {
    expect(offerProblem(offer.replaceAll('\r\n', '\n'))).toBeNull();
  });

  it.each([
    ['nothing', '', /v=0/],
    ['a web page', '<!doctype html>', /v=0/],
    ['a NUL', offer.replace('s=-', 's=\0'), /NUL/],
    ['a bare carriage return', offer.replace('s=-', 's=a\rb'), /carriage return/],
    ['a line that is no SDP line', `${offer}hello\r\n`, /<type>=<value>/],
    ['no audio', offer.replace('m=audio', 'm=text'), /one audio line, it has 0/],
    ['two audio lines', `${offer}m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n`, /it has 2/],
    ['video', `${offer}m=video 9 UDP/TLS/RTP/SAVPF 96\r\n`, /video/],
    ['inactive audio', offer.replace('a=sendrecv', 'a=inactive'), /inactive/],
    ['no fingerprint', offer.replace(/a=fingerprint.*\r\n/, ''), /fingerprint/],
    ['an answer', offer.replaceAll('actpass', 'passive'), /answer/],
    ['too much', offer + 'a=x\r\n'.repeat(MAX_OFFER_BYTES / 4), /larger/],
  ])('refuses %s and says why', (_name, sdp, reason) => {
    expect(offerProblem(sdp)).toMatch(reason);
  });
});
