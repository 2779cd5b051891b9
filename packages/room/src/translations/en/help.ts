/** What people can be asked for, and what helps where the microphone stays closed, in English. One line a step. */
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
  /** Of what the candidate can do, by what the browser is. `app` is its name. */
  steps: {
    dismissed: (_app: string) =>
      'Choose “Check again”.\nWhen your browser asks about the microphone, choose “Allow”.',
    framed: (_app: string) =>
      'The page around this interview keeps the microphone from it. That is not your doing.\nCopy the link and open it in a tab of its own.',
    chromium: (app: string) =>
      `In ${app}, choose the symbol at the start of the address bar.\nTurn on “Microphone”.\nCome back here and check again.`,
    chromiumAndroid: (app: string) =>
      `Tap the symbol at the start of ${app}’s address bar, then “Permissions”.\nAllow “Microphone”.\nNot there? Open your phone’s Settings, then Apps, ${app}, Permissions, and allow “Microphone”.`,
    firefox: (_app: string) =>
      'Choose the crossed-out microphone at the start of the address bar.\nTake away “Blocked” with the × beside it.\nCheck again, and choose “Allow” when Firefox asks.',
    firefoxAndroid: (_app: string) =>
      'Tap the lock at the start of the address bar.\nTap “Microphone” so that it says “Allowed”.\nNot there? Open your phone’s Settings, then Apps, Firefox, Permissions, and allow “Microphone”.',
    safari: (_app: string) =>
      'In the menu “Safari”, choose “Settings for This Website…”.\nSet “Microphone” to “Allow”.\nCome back here and check again.',
    safariIos: (_app: string) =>
      'Tap the page symbol in the address bar, then “Website Settings”; it may be under “…”.\nSet “Microphone” to “Allow”.\nNot there? Open the Settings app, then Apps, Safari, Microphone, and choose “Allow”.',
    appIos: (app: string) =>
      `Open the Settings app, then Apps, ${app}.\nTurn on “Microphone”.\nCome back to this link. Your place is kept.`,
    systemMac: (app: string) =>
      `Your Mac keeps the microphone from ${app}.\nOpen System Settings, then Privacy & Security, Microphone, and turn on ${app}.\nQuit ${app}, open it again and come back to this link. Your place is kept.`,
    systemWindows: (app: string) =>
      `Windows keeps the microphone from ${app}.\nOpen Settings, then Privacy & security, Microphone.\nTurn on “Microphone access” and “Let desktop apps access your microphone”.\nCome back here and check again.`,
    systemAndroid: (app: string) =>
      `Your phone keeps the microphone from ${app}.\nOpen Settings, then Apps, ${app}, Permissions, and allow “Microphone”.\nCome back here and check again.`,
    systemOther: (app: string) =>
      `Your device keeps the microphone from ${app}.\nAllow it in the privacy settings of your system.\nCome back here and check again.`,
    busy: (_app: string) =>
      'Close other calls, such as Zoom or Teams, also in other tabs.\nClose programs that record.\nCheck again.',
    busyPhone: (_app: string) =>
      'End a phone call that is under way.\nClose other apps that use the microphone.\nCheck again.',
    missing: (_app: string) =>
      'Plug in a microphone or a headset, or turn on your wireless one.\nCheck again.\nNone at hand? Copy the link and open it on your phone.',
    inAppIos: (_app: string) =>
      'Look for “Open in browser” or the compass symbol, often under “…”.\nNot there? Copy the link, open Safari and paste it.',
    inAppAndroid: (_app: string) =>
      'Tap ⋮ and choose “Open in browser”.\nNot there? Copy the link, open Chrome and paste it.',
    insecure: (_app: string) =>
      'The address of this page must begin with https. Try the secure page.\nStill the same? Please tell the people who invited you.',
  },

  unfinished: {
    title: 'You have an unfinished interview',
    text: 'It was begun in this browser. Everything that was said is kept.',
  },
  unfinishedGoOn: (title: string) => `Go on with ${title}`,
  notMe: 'Not me, forget this',
  forgotten: 'Forgotten. This browser no longer offers it.',
};
