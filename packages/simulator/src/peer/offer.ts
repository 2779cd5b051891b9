import { offerProblem } from '@interview/protocol';
import { RequestError } from '../request-error.ts';

/** What must be known of an offer to answer it. */
export interface Offer {
  /** Without candidates that only the local network could resolve. */
  sdp: string;
  /** `a=mid` of the audio section. */
  mid: string;
  opusPayloadType: number;
  /** Of our side of the audio. */
  direction: 'SendRecv' | 'SendOnly' | 'RecvOnly';
}

/**
 * Reads an offer.
 *
 * @throws RequestError `invalid_offer`
 */
export function readOffer(sdp: string): Offer {
  const problem = offerProblem(sdp);
  if (problem !== null) throw invalidOffer(problem);
  const [, audio = ''] = /(?:^|\n)(m=audio [\s\S]*?)(?=\nm=|$)/.exec(sdp) ?? [];
  const mid = /^a=mid:(\S+)/m.exec(audio)?.[1];
  const payloadType = /^a=rtpmap:(\d+) opus\/48000/im.exec(audio)?.[1];
  if (mid === undefined) throw invalidOffer('The audio section has no a=mid.');
  if (payloadType === undefined) throw invalidOffer('The audio section does not offer Opus.');
  return {
    sdp: withoutLocalNames(sdp),
    mid,
    opusPayloadType: Number(payloadType),
    direction: /^a=recvonly/m.test(audio)
      ? 'SendOnly'
      : /^a=sendonly/m.test(audio)
        ? 'RecvOnly'
        : 'SendRecv',
  };
}

/** Names like `x.local` hide a browser's addresses; its checks reach us anyway, as peer-reflexive candidates. */
function withoutLocalNames(sdp: string): string {
  return sdp.replace(/^a=candidate:\S+ \d+ \S+ \d+ \S+\.local .*\r?\n/gm, '');
}

/** How the provider refuses an offer. */
export function invalidOffer(problem: string): RequestError {
  return new RequestError(
    'invalid_offer',
    `Expected a WHIP-compliant offer, but it was not: ${problem}`,
    {
      param: 'sdp',
    },
  );
}
