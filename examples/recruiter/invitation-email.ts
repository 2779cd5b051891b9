import { dayOf } from './document.ts';
import type { Plan } from './recruiting.ts';

/** What the e-mail with a link says: that it is an AI, how long, who decides, what is kept, and the other ways. */
export function invitationEmail(about: {
  plan: Plan;
  company: string;
  name: string | null;
  link: string;
  expires: string;
}): string {
  const { plan, company, name, link, expires } = about;
  const minutes = Math.round(plan.duration_s / 60);
  const count = plan.plan.questions.length;
  const ways = plan.modes.includes('text')
    ? 'You can talk, or type your answers; both count the same.'
    : 'You talk with it in your browser, on a computer or a phone. No camera is used.';
  return `Subject: Your interview with ${company}: ${plan.title}

Hello${name === null ? '' : ` ${name}`},

${plan.inviter} invites you to an interview: ${plan.title}.

You will talk with an AI interviewer, not with a person. ${ways}

How long: about ${minutes} minutes, with ${count === 1 ? 'one question' : `${count} questions`}. Begin whenever it suits you, until ${dayOf(expires)}. You can try your microphone first, pause, and have questions repeated.
Who decides: ${plan.decider}
What is kept: ${plan.retention}
What happens next: ${plan.next_steps}
If you need it otherwise: ${plan.adjustment}

Your link, which is meant for you alone:
${link}

${company}
`;
}
