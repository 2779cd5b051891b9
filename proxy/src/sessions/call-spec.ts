import type { Capabilities, InterviewMode } from '@interview/protocol';
import type { SessionBrief } from '../storage/port.ts';
import { buildInstructions } from '../supervision/instructions.ts';
import { interviewTools } from '../supervision/tools.ts';
import { turnDetectionOf } from '../supervision/turn-detection.ts';
import type { CallSpec, Upstream } from '../upstream/port.ts';

/** In writing there is no speech that a button could end; without a supervisor the page does what can be done. */
export function capabilitiesOf({ supervised }: Upstream, mode: InterviewMode): Capabilities {
  if (supervised === false) return { supervision: 'none', actions: [], text: true, pause: false };
  const actions: Capabilities['actions'] = ['skip', 'repeat', 'withdraw', 'end'];
  return {
    supervision: 'sideband',
    actions: mode === 'text' ? actions : ['done', ...actions],
    text: true,
    pause: true,
  };
}

/** What the provider is asked for. `ownPage`: the client is a page of ours. */
export function specOf(
  brief: SessionBrief,
  { supervised, ownPage }: { supervised: boolean; ownPage: boolean },
): CallSpec {
  const { interview, tenant, session } = brief;
  const detection = turnDetectionOf(session.mode);
  return {
    instructions: buildInstructions({
      company: tenant.name,
      title: interview.title,
      language: interview.language,
      mode: session.mode,
      plan: interview.plan,
      ...(supervised ? {} : { alone: interview.plan }),
    }),
    mode: session.mode,
    // Where nobody else asks for responses, the provider must.
    turnDetection:
      supervised || detection === null ? detection : { ...detection, create_response: true },
    tools: supervised ? interviewTools(interview.plan) : [],
    language: interview.language,
    candidateId: session.candidate_id,
    ownPage,
  };
}
