/** Thanks and what comes next, in English. */
export const after = {
  completed: {
    title: 'Thank you, that is everything',
    text: (company: string) =>
      `Your interview with ${company} is complete and all your answers are stored. You can close this page.`,
  },
  ended: {
    title: 'Thank you for your time',
    text: (company: string) =>
      `The interview is over. What you said is stored for ${company}. You can close this page.`,
  },
  savedFact: 'Saved',
  complete: 'Complete',
};
