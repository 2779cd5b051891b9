/** The talk and its transcript, in English. */
export const live = {
  liveTitle: 'Interview in progress',
  interviewer: 'Interviewer',
  you: 'You',
  turn: {
    listening: 'Listening to you',
    candidate: 'You are speaking',
    thinking: 'One moment',
    interviewer: 'Interviewer is speaking',
  },
  mutedNow: 'Your microphone is off',
  waiting: 'The interview is waiting',
  question: (number: number) => `Question ${number}`,
  phases: {
    opening: 'Getting started',
    question: '',
    candidate_qa: 'Your questions',
    closing: 'Closing words',
  },
  candidateQaText: 'Now it is your turn to ask.',
  timeShort: 'A little time is left. Finish your thought; there is no rush.',

  transcript: 'Transcript',
  transcriptPrivate: (company: string) => `Only you and ${company} see this`,
  transcriptEmpty: 'What is said appears here.',
  interrupted: 'You came in here; that is fine.',
  failed: 'We could not write this down. You can say it again.',
  inaudible: 'No clear words here. You can say it again.',
  latest: 'Jump to latest',

  controls: 'Controls',
  mute: 'Mute',
  unmute: 'Unmute',
  done: 'I’m done',
  doneTail: 'with my answer',
  captions: 'Captions',
  end: 'End interview',
  endShort: 'End',
  endAsk: 'End the interview now? Your answers so far are kept.',
  endKeep: 'Keep going',

  saved: 'All answers saved',
  saving: 'Saving…',
  savedHere: 'Saved on this device, sending when you are back online',

  reconnecting: {
    title: 'Your connection dropped',
    text: 'The interview is waiting for you and the clock has stopped. Everything you said is kept and will be sent.',
  },
  reconnectingNow: 'Trying again…',
  endInstead: 'End instead',
  soundOn: 'Turn on the sound',
};
