/** The check of the devices, the rehearsal and the way into the talk, in English. */
export const check = {
  check: {
    title: 'Say a few words',
    text: 'The bars move while you speak.',
  },
  level: 'Microphone level',
  microphone: 'Microphone',
  microphoneUnnamed: (index: number) => `Microphone ${index}`,
  speaker: 'Speaker',
  speakerUnnamed: (index: number) => `Speaker ${index}`,
  speakerUsual: 'As this device is set',
  playSound: 'Play a test sound',
  soundPlaying: 'Two notes are playing…',
  soundPlayed: 'Heard nothing? Turn up the volume.',
  soundFailed: 'It did not play. Please try once more.',
  notHeardYet: 'We have not heard you yet. Try “Hello, can you hear me?”',
  heard: 'We hear you. Start whenever you are ready.',
  stillQuiet:
    'Still quiet. Is the microphone muted, or is another one chosen? You can also start and adjust it later.',
  network: {
    asking: 'Looking at your connection…',
    good: 'Your connection is good.',
    slow: 'Your connection is slow right now. You can start; if it drops, the interview waits for you.',
    away: 'You seem to be offline. Nothing is lost; wait a moment or try another network.',
  },
  startInterview: 'Start the interview',
  goOn: 'Go on with the interview',

  practice: 'Practise for a minute',
  practiceText:
    'Answer out loud and listen to yourself. This stays on your device: nothing is sent, nothing is kept.',
  practiceQuestion: 'Tell me about something you made that you still like.',
  practiceStart: 'Start practising',
  practiceStop: 'Stop and listen',
  practiceEnough: 'Enough heard',
  practiceClose: 'Close',
  practiceAgain: 'Practise again',
  practiceLeft: (clock: string) => `Recording on this device only, ${clock} left`,
  practicePlaying: 'This is how you sound',
  practiceDone: 'That was you. The recording is gone.',
  practiceFailed: 'Practising does not work in this browser. The interview itself is not affected.',
};
