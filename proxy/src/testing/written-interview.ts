import { startSimulator, type Simulator } from '@interview/simulator';
import { Candidate } from '../../../packages/simulator/src/testing/candidate.ts';
import { doorThrough } from './door-through.ts';
import { plan } from './interview.ts';
import { TestPage, type TestProxy } from './proxy.ts';

/** A simulator that answers at once. */
export function quickSimulator(): Promise<Simulator> {
  return startSimulator({ scenario: { response_delay_ms: 20, tone_chars_per_s: 1000 } });
}

/** Answers to the greeting, to two questions, and to whether there are questions. */
export const answers = [
  'Yes, I am ready.',
  'I led the redesign of the checkout and halved the errors of our customers.',
  'We disagreed about the search and tried both ways for a week.',
  'No, thank you.',
];

/** Holds a whole interview in writing, over real media, from the first offer to the completion. */
export async function holdWrittenInterview(proxy: TestProxy): Promise<TestPage> {
  proxy.storage.mode = 'text';
  proxy.storage.interviewPlan = { ...plan, questions: plan.questions.slice(0, 2) };
  const page = await TestPage.join(proxy);
  const { url, server } = await doorThrough(proxy, page);
  const candidate = new Candidate();
  await candidate.join(url, {});
  await page.ask({ type: 'connected', call_id: proxy.storage.calls[0]?.id });
  let from = 0;
  const read = async (): Promise<void> => {
    const written = await candidate.events.next('response.output_text.done', from);
    from = candidate.events.all.indexOf(written) + 1;
    await candidate.events.next('response.done', from);
  };
  for (const text of answers) {
    await read();
    await page.ask({ type: 'text', text });
  }
  await page.until((message) => message.type === 'end', 15_000);
  await page.ask({ type: 'complete', reason: 'completed', writers: {}, lost: [] });
  candidate.leave();
  server.close();
  return page;
}
