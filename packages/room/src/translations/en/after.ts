/** Thanks, what comes next, corrections and feedback, in English. */
export const after = {
  completed: {
    title: 'Thank you, that is everything',
    text: (company: string) =>
      `Your interview with ${company} is complete and all your answers are stored.`,
  },
  /** By the reason for which an interview ended otherwise. */
  ended: {
    candidate_ended: {
      title: 'Thank you for your time',
      text: (company: string) =>
        `You ended the interview here. What you said is stored for ${company}.`,
    },
    time_up: {
      title: 'Thank you, the time is up',
      text: (company: string) =>
        `The planned time has passed, and nothing is missing on your side. All your answers are stored for ${company}.`,
    },
    withdrawn: {
      title: 'You have withdrawn',
      text: (company: string) =>
        `The interview has stopped, as you asked, and ${company} sees that you withdrew.`,
    },
    technical: {
      title: 'We had to stop here',
      text: (company: string) =>
        `Something failed on our side, not yours. What you said so far is stored, and ${company} sees that the cause was technical.`,
    },
    absent: {
      title: 'The interview stopped waiting',
      text: (company: string) =>
        `We had not heard from you for a while. What you said so far is stored for ${company}.`,
    },
    abuse: {
      title: 'The interview was ended',
      text: (company: string) =>
        `The interviewer ended the talk early. A person at ${company} reads what was said.`,
    },
    staff: {
      title: 'The interview was ended by the team',
      text: (company: string) =>
        `Somebody at ${company} ended it early. What you said so far is stored.`,
    },
  },
  whatNext: 'What happens next',
  whatNextAsk: 'Would you like another date, or somebody to talk to? Ask for a person.',
  canClose: 'You can close this page.',
  savedFact: 'Saved',
  complete: 'Complete',

  keepCopy: 'Keep a copy',
  copyTitle: (title: string, company: string) => `${title}, ${company}`,
  readThrough: 'Read what was said',
  readThroughText: (company: string) =>
    `Was something written down wrongly? Put your own words beside it: ${company} sees both. This works for a day while the page is open.`,
  correctIt: 'Correct',
  correctLabel: 'Your own words',
  correctSave: 'Save',
  correctCancel: 'Leave it',
  correctSaving: 'Saving…',
  corrected: 'Your words',
  correctFailed: 'That was not saved. Please try again.',
  correctRefused: 'This line can no longer be corrected.',

  feedback: 'How was it for you?',
  feedbackText: 'This is about us, not about you. It plays no part in the decision.',
  rating: (stars: number) =>
    ['Poor', 'Not so good', 'All right', 'Good', 'Very good'][stars - 1] ?? String(stars),
  ratingRange: (worst: string, best: string) => `1 is “${worst}”, 5 is “${best}”`,
  feedbackLabel: 'What should we do better? (your choice)',
  feedbackSend: 'Send feedback',
  feedbackSending: 'Sending…',
  feedbackSent: 'Thank you. That helps the next person.',
  feedbackFailed: 'That did not go through. Please try again.',
};
