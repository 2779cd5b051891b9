import { InterviewPlan } from '@interview/protocol';

/** A small plan to interview by. */
export const plan = InterviewPlan.parse({
  greeting: 'Hello, I am an AI interviewer. Pauses are fine. Are you ready?',
  questions: [
    { id: 'project', text: 'Which project of yours are you proud of?', max_probes: 2 },
    { id: 'conflict', text: 'Tell me about a disagreement with an engineer.', max_probes: 1 },
    { id: 'failure', text: 'What did you learn from a design that failed?' },
  ],
  candidate_qa_text: 'What would you like to know from us?',
  facts: [{ id: 'remote', topic: 'Remote work', text: 'Three days a week at home.' }],
  closing_text: 'Thank you for your time. You will hear from us on Friday. Goodbye.',
  time_up_text: 'Our time is up. Thank you, you will hear from us on Friday.',
});

/** An offer as Chromium makes it, shortened. */
export const offer = [
  'v=0',
  'o=- 4611731400430051336 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0 1',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'c=IN IP4 0.0.0.0',
  'a=ice-ufrag:4ZcD',
  'a=ice-pwd:2/1muCWoOi3uLifh0NuRHlLN',
  'a=fingerprint:sha-256 75:74:5A:A6:A4:E5:52:F4:A7:67:4C:01:C7:EE:91:3F:21:3D:A2:E3:53:7B:6F:30:86:F2:30:AA:65:FB:04:24',
  'a=setup:actpass',
  'a=mid:0',
  'a=sendrecv',
  'a=rtpmap:111 opus/48000/2',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'c=IN IP4 0.0.0.0',
  'a=mid:1',
  'a=sctp-port:5000',
  '',
].join('\r\n');

/** An answer that a test can know again. */
export const answerSdp = offer.replace('a=setup:actpass', 'a=setup:active');
