/** One question at a time. */
export type StepName = 'address' | 'code' | 'password' | 'create';

/** What a step shows and leads to. */
export interface Step {
  title: string;
  fields: readonly ('email' | 'password' | 'code')[];
  submit: string;
  /** The quiet ways out of it; null shows none. */
  other: { text: string; to: StepName | 'again' };
  back: { text: string; to: StepName } | null;
}

export const steps: Readonly<Record<StepName, Step>> = {
  address: {
    title: 'Sign in to your interview',
    fields: ['email'],
    submit: 'Send me a code',
    other: { text: 'Use a password', to: 'password' },
    back: null,
  },
  code: {
    title: 'Enter the code',
    fields: ['code'],
    submit: 'Sign in',
    other: { text: 'Send another code', to: 'again' },
    back: { text: 'Change the address', to: 'address' },
  },
  password: {
    title: 'Sign in with a password',
    fields: ['email', 'password'],
    submit: 'Sign in',
    other: { text: 'Create an account', to: 'create' },
    back: { text: 'Use a code', to: 'address' },
  },
  create: {
    title: 'Create an account',
    fields: ['email', 'password'],
    submit: 'Create my account',
    other: { text: 'I have an account', to: 'password' },
    back: { text: 'Use a code', to: 'address' },
  },
};

/** What the door tells of the interview: what it is, or that it goes on elsewhere and only its account comes in here. */
export type About = { company: string; title: string } | 'begun elsewhere';

/** The sentence below the title. */
export function leadOf(step: StepName, email: string, about: About | null): string {
  switch (step) {
    case 'address':
      return `${reasonOf(about)} We send a code to your address; you need no password.`;
    case 'code':
      return `We sent it to ${email}. It comes within a minute; look in your spam folder, too.`;
    case 'password':
      return 'No account yet? You can create one here with your address.';
    case 'create':
      return 'With it you come back to your interview on any device.';
  }
}

function reasonOf(about: About | null): string {
  if (about === 'begun elsewhere') {
    return 'This interview was begun on another device. Sign in with the same account to go on here.';
  }
  const what = about
    ? `${about.company} asks for an account for “${about.title}”`
    : 'This interview asks for an account';
  return `${what}, so that you can come back to it on any device.`;
}
