import { expect } from 'chai';
import { html } from 'lit';
import type { Levels } from '@interview/rtc';
import { defineInterviewRoom } from '../room/define.ts';
import { clearPage, frames, place, until, violations } from '../testing/page.ts';
import type { AiInterviewDeviceCheck } from './device-check.ts';

defineInterviewRoom();

function microphone(deviceId: string, label: string): MediaDeviceInfo {
  return { deviceId, label, kind: 'audioinput', groupId: '', toJSON: () => null };
}

const microphones = [microphone('a', 'Headset'), microphone('b', '')];

async function show(level: number): Promise<AiInterviewDeviceCheck> {
  const levels = (): Levels => ({ candidate: level, interviewer: 0 });
  const element = place<AiInterviewDeviceCheck>(
    html`<ai-interview-device-check
      .levels=${levels}
      .microphones=${microphones}
      .microphoneId=${'a'}
    ></ai-interview-device-check>`,
  );
  await element.updateComplete;
  return element;
}

const lit = (element: AiInterviewDeviceCheck): number =>
  element.renderRoot.querySelectorAll('.meter .on').length;
const said = (element: AiInterviewDeviceCheck): string =>
  element.renderRoot.querySelector('[role=status]')?.textContent ?? '';

describe('<ai-interview-device-check>', () => {
  afterEach(clearPage);

  it('has no axe violations', async () => {
    expect(await violations(await show(0.6))).to.deep.equal([]);
  });

  it('lights bars with the voice and says that it hears', async () => {
    const element = await show(0.6);
    await until(
      () => said(element).includes('We hear you'),
      () => 'It never heard anything.',
    );
    expect(lit(element)).to.be.within(8, 20);
  });

  it('does not take the hum of a room for a voice', async () => {
    const element = await show(0.25);
    await frames(3);
    expect(lit(element)).to.equal(0);
    expect(said(element)).to.contain('not heard you yet');
  });

  it('tells which microphone was chosen and names those without a label', async () => {
    const element = await show(0);
    const select = element.renderRoot.querySelector('select');
    if (select === null) throw new Error('There is no choice.');
    expect([...select.options].map((one) => one.label.trim())).to.deep.equal([
      'Headset',
      'Microphone 2',
    ]);
    select.value = 'b';
    let chosen: Event | null = null;
    element.addEventListener('microphone-chosen', (event) => (chosen = event));
    select.dispatchEvent(new Event('change'));
    expect(chosen).to.have.property('deviceId', 'b');
  });
});
