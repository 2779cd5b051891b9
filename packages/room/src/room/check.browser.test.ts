import { expect } from 'chai';
import { InterviewError } from '@interview/rtc';
import { defineInterviewRoom } from './define.ts';
import { furnish, type Furnished } from '../testing/furnish.ts';
import { clearPage, focused, until } from '../testing/page.ts';
import { device, withoutConsents } from '../testing/session-double.ts';

defineInterviewRoom();

async function furnishCheck(session = withoutConsents()): Promise<Furnished> {
  const furnished = await furnish(session);
  await furnished.reach('welcome');
  furnished.button('Check my microphone').click();
  await session.untilState('ready');
  await furnished.reach('check');
  await until(
    () => furnished.shows('ai-interview-device-check'),
    () => furnished.text(),
  );
  return furnished;
}

/** Inside the element that checks the devices. */
async function inside({ find, text }: Furnished, selector: string): Promise<HTMLElement> {
  const root = find('ai-interview-device-check').shadowRoot;
  await until(
    () => root?.querySelector(selector) != null,
    () => text(),
  );
  return root?.querySelector(selector) as HTMLElement;
}

describe('the check of the devices', () => {
  afterEach(clearPage);

  it('plays a test sound, and says what helps where nothing was heard', async () => {
    const furnished = await furnishCheck();
    const said = await inside(furnished, '.said');
    const button = await inside(furnished, '[part=sound-button]');
    button.click();
    await until(
      () => said.innerText.includes('Heard nothing?'),
      () => said.innerText,
    );
    expect(furnished.session.calls).to.contain('testSpeaker');
    furnished.session.failures.set('testSpeaker', new InterviewError('playback_blocked', 'no'));
    button.click();
    await until(
      () => said.innerText.includes('did not play'),
      () => said.innerText,
    );
    expect(furnished.shows('.main.check')).to.equal(true);
  });

  it('passes another speaker on to the session', async () => {
    const session = withoutConsents();
    session.speakers = [
      device('audiooutput', 'default', 'Default'),
      device('audiooutput', 'headset', 'Headset'),
    ];
    const furnished = await furnishCheck(session);
    await inside(furnished, 'label + label select');
    const select = (await inside(furnished, 'label + label select')) as HTMLSelectElement;
    expect(select.value).to.equal('default');
    select.value = 'headset';
    select.dispatchEvent(new Event('change'));
    expect(session.calls).to.contain('setSpeaker headset');
  });

  it('says how the connection is, and keeps nobody from starting', async () => {
    const session = withoutConsents();
    const furnished = await furnishCheck(session);
    const { find, button, reach } = furnished;
    await until(
      () => find('.network').innerText.includes('good'),
      () => find('.network').innerText,
    );
    session.held.set('look', new Promise(() => undefined));
    button('Back').click();
    await reach('welcome');
    button('Check my microphone').click();
    await reach('check');
    button('Start the interview').click();
    await reach('live');
  });

  it('tells a candidate who is offline that nothing is lost', async () => {
    const session = withoutConsents();
    const furnished = await furnish(session);
    await furnished.reach('welcome');
    session.failures.set('look', new InterviewError('start_unreachable', 'offline'));
    furnished.button('Check my microphone').click();
    await furnished.reach('check');
    await until(
      () => furnished.find('.network').innerText.includes('Nothing is lost'),
      () => furnished.text(),
    );
    expect(furnished.shows('.main.check')).to.equal(true);
  });
});

describe('the practice', () => {
  afterEach(clearPage);

  async function practising(): Promise<Furnished> {
    const furnished = await furnishCheck();
    furnished.button('Practise for a minute').click();
    await furnished.room.updateComplete;
    furnished.button('Start practising').click();
    await until(
      () => furnished.text().includes('Stop and listen'),
      () => furnished.text(),
    );
    return furnished;
  }

  it('records, plays back and is gone', async () => {
    const { session, button, text } = await practising();
    expect(text()).to.match(/on this device only, (1:00|0:59) left/);
    button('Stop and listen').click();
    await until(
      () => text().includes('This is how you sound'),
      () => text(),
    );
    session.rehearsal?.end();
    await until(
      () => text().includes('The recording is gone'),
      () => text(),
    );
    expect(session.calls.filter((call) => call.startsWith('practice'))).to.deep.equal([
      'practice',
      'practice.stop',
    ]);
    expect(text()).to.contain('Practise again');
  });

  it('keeps the focus on its one button while that changes', async () => {
    const { room, button } = await practising();
    expect(focused(room)).to.equal('Stop and listen');
    button('Stop and listen').click();
    await until(
      () => focused(room) === 'Enough heard',
      () => focused(room),
    );
  });

  it('falls silent when the interview begins', async () => {
    const { session, button, reach } = await practising();
    button('Start the interview').click();
    await reach('live');
    expect(session.calls.indexOf('practice.cancel')).to.be.within(
      0,
      session.calls.indexOf('start'),
    );
  });

  it('says that it does not work, and harms nothing', async () => {
    const furnished = await furnishCheck();
    const { session, button, room, text, reach } = furnished;
    session.failures.set('practice', new InterviewError('unsupported', 'no'));
    button('Practise for a minute').click();
    await room.updateComplete;
    button('Start practising').click();
    await until(
      () => text().includes('does not work in this browser'),
      () => text(),
    );
    button('Start the interview').click();
    await reach('live');
  });
});

describe('the way into the talk', () => {
  afterEach(clearPage);

  it('counts down while the call is made, and never holds it up', async () => {
    const session = withoutConsents();
    let connected = (): void => undefined;
    session.held.set('start', new Promise((resolve) => (connected = resolve)));
    const { button, reach, find } = await furnishCheck(session);
    button('Start the interview').click();
    await reach('connecting');
    expect(find('.count').innerText).to.equal('3');
    expect(find('.pace').getAttribute('aria-hidden')).to.equal('true');
    connected();
    await reach('live');
  });

  it('goes on calmly where the call takes longer', async () => {
    const session = withoutConsents();
    session.held.set('start', new Promise(() => undefined));
    const { button, room, reach, shows, text } = await furnishCheck(session);
    button('Start the interview').focus();
    button('Start the interview').click();
    await reach('connecting');
    const later = performance.now() + 5_000;
    performance.now = () => later;
    room.requestUpdate();
    await room.updateComplete;
    Reflect.deleteProperty(performance, 'now');
    expect(shows('.breath'), text()).to.equal(true);
    expect(focused(room)).to.equal('Connecting you');
  });
});
