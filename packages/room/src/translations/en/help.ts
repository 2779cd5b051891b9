/** What people can be asked for, ways out of trouble, and the way back without a link, in English. */
export const help = {
  askAdjustment: 'Ask for an adjustment',
  askHuman: 'Ask for a person',
  askAdjustmentLabel: 'What would help you?',
  askAdjustmentHint: (company: string) =>
    `For example more time, questions in writing, or another day. You need not say why. ${company} reads this; it plays no part in how your answers are read.`,
  askHumanLabel: 'What may we tell them? (your choice)',
  askHumanHint: (company: string) =>
    `A person at ${company} reads this and gets back to you. Asking does not count against you.`,
  askSend: 'Send',
  askSending: 'Sending…',
  askCancel: 'Not now',
  askEmpty: 'Please write a few words first.',
  askSent: (company: string) =>
    `Sent to ${company}. You can wait for an answer and come back to this link, or go on now.`,
  askFailed: 'That did not go through. What you wrote is still here; please try again.',

  copyLink: 'Copy the link',
  linkCopied: 'Copied. Now open your browser and paste it there.',
  linkToCopy: 'Your link. Select it all and copy it.',
  openSecurely: 'Open the secure page',
  goOnHere: 'Go on here',

  stepsLead: 'This is no fault of yours. What usually helps:',
  unfinished: {
    title: 'You have an unfinished interview',
    text: 'It was begun in this browser. Everything that was said is kept.',
  },
  unfinishedGoOn: (title: string) => `Go on with ${title}`,
  notMe: 'Not me, forget this',
  forgotten: 'Forgotten. This browser no longer offers it.',
};
