import { createHash } from 'node:crypto';
import type { SessionBrief } from '../storage/port.ts';
import type { CallSpec } from '../upstream/port.ts';
import { buildInstructions } from './instructions.ts';
import { interviewTools } from './tools.ts';
import { turnDetectionOf } from './turn-detection.ts';

/** What the interviewer of a session must be: the same at any time, so that a call can be held to it. */
export function callSpecOf(brief: SessionBrief): CallSpec {
  const { interview, tenant, session } = brief;
  return {
    instructions: buildInstructions({
      company: tenant.name,
      title: interview.title,
      language: interview.language,
      mode: session.mode,
      plan: interview.plan,
    }),
    mode: session.mode,
    turnDetection: turnDetectionOf(session.mode),
    tools: interviewTools(interview.plan),
    language: interview.language,
    safetyIdentifier: createHash('sha256').update(session.candidate_id).digest('hex'),
  };
}
