import { expect } from 'chai';
import { emulateMedia } from '@web/test-runner-commands';
import { html } from 'lit';
import type { Levels } from '@interview/rtc';
import { defineInterviewRoom } from '../room/define.ts';
import { clearPage, frames, place, until, violations } from '../testing/page.ts';
import type { AiInterviewVisualizer } from './visualizer.ts';

defineInterviewRoom();

async function show(levels: () => Levels): Promise<AiInterviewVisualizer> {
  const element = place<AiInterviewVisualizer>(
    html`<ai-interview-visualizer active .levels=${levels}></ai-interview-visualizer>`,
  );
  await element.updateComplete;
  return element;
}

const part = (element: AiInterviewVisualizer, name: string, attribute: string): string =>
  element.renderRoot.querySelector(name)?.getAttribute(attribute) ?? '';

describe('<ai-interview-visualizer>', () => {
  afterEach(clearPage);

  it('moves the spokes with the interviewer and the disc with the candidate', async () => {
    const quiet = await show(() => ({ candidate: 0, interviewer: 0 }));
    await frames(3);
    const still = part(quiet, '.spokes', 'd');
    const calm = part(quiet, '.disc', 'r');

    const asking = await show(() => ({ candidate: 0, interviewer: 0.7 }));
    await frames(6);
    expect(part(asking, '.spokes', 'd')).not.to.equal(still);
    expect(part(asking, '.disc', 'r')).to.equal(calm);

    const answering = await show(() => ({ candidate: 0.7, interviewer: 0 }));
    await frames(6);
    expect(part(answering, '.spokes', 'd')).to.equal(still);
    expect(Number(part(answering, '.disc', 'r'))).to.be.greaterThan(Number(calm));
  });

  it('keeps still under reduced motion, and tells by its weight who is heard', async () => {
    await emulateMedia({ reducedMotion: 'reduce' });
    try {
      const levels = { candidate: 0, interviewer: 0 };
      const element = await show(() => levels);
      const weight = (): string =>
        getComputedStyle(element.renderRoot.querySelector('.spokes') ?? element).strokeWidth;
      await until(
        () => weight() === '2px',
        () => weight(),
      );
      const still = part(element, '.spokes', 'd');
      levels.interviewer = 0.8;
      await until(
        () => weight() === '4px',
        () => weight(),
      );
      expect(part(element, '.spokes', 'd')).to.equal(still);
    } finally {
      await emulateMedia({ reducedMotion: 'no-preference' });
    }
  });

  it('reads nothing while nobody looks', async () => {
    let readings = 0;
    const element = await show(() => {
      readings += 1;
      return { candidate: 0, interviewer: 0 };
    });
    await frames(2);
    element.active = false;
    await element.updateComplete;
    const until = readings;
    await frames(3);
    expect(readings).to.equal(until);
    element.active = true;
    await element.updateComplete;
    element.remove();
    const removed = readings;
    await frames(3);
    expect(readings).to.equal(removed);
  });

  it('is no noise for screen readers', async () => {
    const element = await show(() => ({ candidate: 0, interviewer: 0 }));
    expect(part(element, 'svg', 'aria-hidden')).to.equal('true');
    expect(await violations(element)).to.deep.equal([]);
  });
});
