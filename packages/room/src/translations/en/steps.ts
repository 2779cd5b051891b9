/** What helps where the microphone stays closed, by what the browser is, in English: one line a step. `app` is its name. */
export const steps = {
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
};
