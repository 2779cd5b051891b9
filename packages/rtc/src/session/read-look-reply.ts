import type { ConsentRequest, LookReply } from '@interview/protocol';
import { isFlag, isText, listOf, orMissing, shape } from '../signalling/shape.ts';
import { isSummary } from './read-start-reply.ts';

/* Loaded by pages that ask what their link is about. */

const isLook = shape<LookReply>({
  interview: isSummary,
  tenant: shape<LookReply['tenant']>({ name: isText, logo: orMissing(isText) }),
  inviter: isText,
  decider: isText,
  retention: isText,
  next_steps: isText,
  adjustment: isText,
  consents: listOf(
    shape<ConsentRequest>({
      purpose: isText,
      version: isText,
      text: isText,
      url: orMissing(isText),
      required: isFlag,
    }),
  ),
  modes: listOf(isText),
  account_required: isFlag,
  resumable: isFlag,
});

/** The reply to `look`; null for anything else. */
export function readLookReply(value: unknown): LookReply | null {
  return isLook(value) ? (value as LookReply) : null;
}
