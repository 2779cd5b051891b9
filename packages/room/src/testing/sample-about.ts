import type { LookReply } from '@interview/rtc';

/** What a fictional company asks of a fictional candidate. */
export const sampleAbout: LookReply = {
  interview: {
    title: 'Product designer',
    language: 'en',
    duration_s: 1200,
    questions_total: 5,
  },
  tenant: { name: 'Northwind' },
  inviter: 'Dana Reyes, Northwind',
  decider: 'Dana Reyes and her team read your answers and decide. No software decides.',
  retention: 'The transcript is kept for six months and then deleted. No sound or video is kept.',
  next_steps: 'You hear from Northwind within five working days.',
  adjustment: 'Write to dana@northwind.test, without giving a reason.',
  consents: [
    {
      purpose: 'transcription',
      version: '1',
      text: 'I agree that my answers are transcribed and shared with Northwind for this application.',
      url: 'https://northwind.test/privacy',
      required: true,
    },
    {
      purpose: 'talent_pool',
      version: '1',
      text: 'Northwind may keep my answers for a year and contact me about other openings.',
      required: false,
    },
  ],
  modes: ['voice'],
  account_required: false,
  resumable: false,
};
