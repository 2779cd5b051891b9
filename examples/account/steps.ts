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

/** What an interview is, as far as the door tells of it. */
export interface About {
  company: string;
  title: string;
}

/** The sentence below the title. */
export function leadOf(step: StepName, email: string, about: About | null): string {
  switch (step) {
    case 'address': {
      const what = about ? `${about.company} asks for an account for “${about.title}”` : null;
      return `${what ?? 'This interview asks for an account'}, so that you can come back to it on any device. We send a code to your address; you need no password.`;
    }
    case 'code':
      return `We sent it to ${email}. That takes a minute at most; look among unwanted mail, too.`;
    case 'password':
      return 'For an account that has one. A new account takes no longer than this.';
    case 'create':
      return 'With it you come back to your interview on any device.';
  }
}
