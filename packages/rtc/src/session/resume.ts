import type { OfferReason, StartReply } from '@interview/protocol';

/** Why a page that has just started offers a call: an interview that was begun goes on where it stood. */
export function offerReason({ session, transcript }: StartReply): OfferReason {
  return session.status === 'active' || transcript.length > 0 ? 'resume' : 'start';
}
