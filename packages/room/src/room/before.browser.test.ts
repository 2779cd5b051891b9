import { expect } from 'chai';
import { InterviewError } from '@interview/rtc';
import { defineInterviewRoom } from './define.ts';
import { furnish, furnishLive } from '../testing/furnish.ts';
import { clearPage, until } from '../testing/page.ts';
import { sampleAbout } from '../testing/sample-about.ts';
import { SessionDouble, withoutConsents } from '../testing/session-double.ts';

defineInterviewRoom();

describe('before the talk', () => {
  afterEach(clearPage);

  it('asks for each agreement and ticks none', async () => {
    const { room, reach, text } = await furnish();
    await reach('welcome');
    const boxes = [...room.renderRoot.querySelectorAll<HTMLInputElement>('[type=checkbox]')];
    expect(boxes.map((box) => [box.name, box.checked])).to.deep.equal([
      ['transcription', false],
      ['talent_pool', false],
    ]);
    for (const words of [sampleAbout.inviter, sampleAbout.decider, sampleAbout.retention]) {
      expect(text()).to.contain(words);
    }
  });

  it('does not go on without a required agreement, and leads to it', async () => {
    const { room, session, reach, button, text } = await furnish();
    await reach('welcome');
    button('Check my microphone').click();
    await room.updateComplete;
    await room.updateComplete;
    expect(session.calls).to.deep.equal(['look']);
    expect(room.shadowRoot?.activeElement?.id).to.equal('consent-transcription');
    expect(room.shadowRoot?.activeElement?.getAttribute('aria-invalid')).to.equal('true');
    expect(text()).to.contain('please read and tick the box');
  });

  it('sends the answers as they were given, with the text that was shown', async () => {
    const { session } = await furnishLive();
    const [first, second] = sampleAbout.consents;
    expect(session.started?.consents).to.deep.equal([
      { purpose: 'transcription', version: '1', text: first?.text, granted: true },
      { purpose: 'talent_pool', version: '1', text: second?.text, granted: false },
    ]);
  });

  it('does not ask again for what was agreed before an interruption', async () => {
    const session = new SessionDouble();
    session.about = { ...sampleAbout, resumable: true };
    const { room, reach, shows, text } = await furnish(session);
    await reach('welcome');
    expect(text()).to.contain('Welcome back');
    expect(shows('[type=checkbox]')).to.equal(false);
    await room.start();
    expect(session.started?.consents).to.deep.equal([]);
  });

  it('asks with the new words when they changed meanwhile', async () => {
    const session = new SessionDouble();
    const [first] = sampleAbout.consents;
    if (first === undefined) throw new Error('The sample has a consent.');
    session.failures.set('start', new InterviewError('consent_required', 'outdated'));
    const { room, reach, find, shows, text } = await furnish(session);
    await reach('welcome');
    find('#consent-transcription').click();
    session.about = {
      ...sampleAbout,
      consents: [{ ...first, version: '2', text: 'I agree to the new wording.' }],
    };
    await room.start();
    await reach('welcome');
    expect(text()).to.contain('I agree to the new wording.');
    expect(shows('[type=checkbox]:checked')).to.equal(false);
  });

  it('never makes a link of anything but a web address', async () => {
    const session = new SessionDouble();
    const [consent] = sampleAbout.consents;
    if (consent === undefined) throw new Error('The sample has a consent.');
    session.about = {
      ...sampleAbout,
      consents: [{ ...consent, url: 'javascript:alert(1)' }],
    };
    const { reach, shows } = await furnish(session);
    await reach('welcome');
    expect(shows('a')).to.equal(false);
  });

  it('shows text of the server as text', async () => {
    const session = new SessionDouble();
    session.about = { ...sampleAbout, decider: '<img src=x onerror=alert(1)>' };
    const { reach, text, shows } = await furnish(session);
    await reach('welcome');
    expect(shows('img')).to.equal(false);
    expect(text()).to.contain('<img src=x onerror=alert(1)>');
  });

  it('offers the way back from a closed microphone', async () => {
    const session = withoutConsents();
    session.failures.set('prepare', new InterviewError('microphone_denied', 'no'));
    const { reach, button, text, shows } = await furnish(session);
    await reach('welcome');
    button('Check my microphone').click();
    await reach('trouble');
    expect(text()).to.contain('keeps the microphone closed');
    button('Check again').click();
    await session.untilState('ready');
    await reach('check');
    expect(shows('ai-interview-device-check')).to.equal(true);
  });

  it('offers no way back to a first page that was never there', async () => {
    const session = withoutConsents();
    session.failures.set('look', new InterviewError('start_unreachable', 'offline'));
    const { room, reach, button } = await furnish(session);
    await reach('trouble');
    expect(room.renderRoot.querySelectorAll('button')).to.have.length(1);
    button('Try again').click();
    await reach('welcome');
  });

  it('passes another microphone on to the session', async () => {
    const { session, reach, button, find } = await furnish(withoutConsents());
    await reach('welcome');
    button('Check my microphone').click();
    await session.untilState('ready');
    await reach('check');
    const inside = find('ai-interview-device-check').shadowRoot;
    await until(
      () => inside?.querySelector('select') != null,
      () => 'No choice is shown.',
    );
    const select = inside?.querySelector('select');
    select?.dispatchEvent(new Event('change', { bubbles: true }));
    expect(session.calls).to.contain('setMicrophone built-in');
  });
});
