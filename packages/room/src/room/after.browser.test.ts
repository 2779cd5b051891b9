import { expect } from 'chai';
import { InterviewError, interviewErrorCodes, type EndReason } from '@interview/rtc';
import { defineInterviewRoom } from './define.ts';
import { furnish, furnishLive } from '../testing/furnish.ts';
import { clearPage, focused, until, write } from '../testing/page.ts';
import { sampleAbout } from '../testing/sample-about.ts';
import { withoutConsents, type SessionDouble } from '../testing/session-double.ts';

defineInterviewRoom();

/** Ends as the server ends it. */
function over(session: SessionDouble, reason: EndReason): void {
  session.become('completed');
  session.emit('ended', { reason, status: 'completed' });
}

/** Whether the browser would ask. */
function leaving(): boolean {
  return !dispatchEvent(new Event('beforeunload', { cancelable: true }));
}

describe('the end', () => {
  afterEach(clearPage);

  it('shows what is still being saved, then thanks', async () => {
    const { room, session, reach, text, button } = await furnishLive();
    let finish = (): void => undefined;
    session.held.set('end', new Promise((resolve) => (finish = resolve)));
    session.deliver({ pending: 3, acknowledged: 4, kept: 'memory' });
    button('End').click();
    await room.updateComplete;
    button('End interview').click();
    await reach('saving');
    expect(text()).to.contain('3 parts still to send');
    expect(text()).to.contain('this page must stay open');
    finish();
    await reach('done');
    expect(text()).to.contain('Thank you');
    expect(text()).to.contain(sampleAbout.next_steps);
  });

  it('comes back in with the same answers after the connection was lost', async () => {
    const { session, reach, button } = await furnishLive();
    const answers = session.started?.consents;
    session.fail(new InterviewError('connection_lost', 'gone'));
    await reach('trouble');
    button('Come back in').click();
    await reach('live');
    expect(session.started?.consents).to.deep.equal(answers);
  });

  it('urges nobody to take back a talk that goes on in another tab, and can go on here', async () => {
    const { session, reach, text, button, shows } = await furnishLive();
    session.fail(new InterviewError('taken_over', 'elsewhere'));
    await reach('trouble');
    expect(text()).to.contain('goes on elsewhere');
    expect(shows('button.primary')).to.equal(false);
    button('Go on here').click();
    await reach('live');
    expect(session.calls.filter((call) => call === 'start')).to.have.length(2);
  });

  for (const [reason, words] of [
    ['completed', 'that is everything'],
    ['time_up', 'the time is up'],
    ['withdrawn', 'withdrawn'],
    ['technical', 'not yours'],
    ['absent', 'stopped waiting'],
    ['abuse', 'ended the talk early'],
    ['staff', 'ended by the team'],
  ] as const) {
    it(`says why it is over and what comes next: ${reason}`, async () => {
      const { session, reach, text } = await furnishLive();
      over(session, reason);
      await reach('done');
      expect(text()).to.contain(words);
      expect(text()).to.contain(sampleAbout.next_steps);
    });
  }

  it('leads to a person where it stopped early', async () => {
    const { room, session, reach, button, find, text } = await furnishLive();
    over(session, 'technical');
    await reach('done');
    button('Ask for a person').click();
    await room.updateComplete;
    write(find('#ask-note'), 'May I have another date?');
    button('Send').click();
    await until(
      () => text().includes('Sent to Northwind'),
      () => text(),
    );
    expect(session.calls).to.contain('ask human May I have another date?');
  });

  it('puts the candidate’s own words beside a line', async () => {
    const { room, session, reach, find, text } = await furnishLive();
    over(session, 'completed');
    await reach('done');
    find('summary').click();
    find('[data-line="2"]').click();
    await room.updateComplete;
    expect(focused(room)).to.equal('correction');
    write(find('#correction'), 'We merged delivery with payment.');
    find('.form [type=submit]').click();
    await until(
      () => text().includes('We merged delivery with payment.'),
      () => text(),
    );
    expect(session.calls).to.contain('correct 2 We merged delivery with payment.');
    // The line itself stays as it was.
    expect(text()).to.contain('We merged delivery and payment, and people slowed down.');
  });

  it('keeps the words where a correction failed, and says where none can be taken', async () => {
    const { room, session, reach, find, text } = await furnishLive();
    over(session, 'completed');
    await reach('done');
    find('summary').click();
    find('[data-line="2"]').click();
    await room.updateComplete;
    for (const [code, words] of [
      ['proxy_unreachable', 'not saved'],
      ['unsupported', 'can no longer be corrected'],
    ] as const) {
      session.failures.set('correct', new InterviewError(code, 'no'));
      write(find('#correction'), 'Mine');
      find('.form [type=submit]').click();
      await until(
        () => text().includes(words),
        () => text(),
      );
      expect(find('#correction')).to.have.property('value', 'Mine');
    }
  });

  it('lets only own lines be corrected', async () => {
    const { room, session, reach } = await furnishLive();
    over(session, 'completed');
    await reach('done');
    const lines = [...room.renderRoot.querySelectorAll<HTMLElement>('[data-line]')];
    expect(lines.map((one) => one.dataset.line)).to.deep.equal(['2']);
  });

  it('asks how it was, and takes a number, words or both', async () => {
    const { room, session, reach, find, button, text } = await furnishLive();
    over(session, 'completed');
    await reach('done');
    button('Send feedback').click();
    expect(session.calls.some((call) => call.startsWith('giveFeedback'))).to.equal(false);
    find('[name=rating][value="4"]').click();
    write(find('#feedback-text'), 'Calm.');
    session.failures.set('giveFeedback', new InterviewError('proxy_unreachable', 'no'));
    button('Send feedback').click();
    await until(
      () => text().includes('did not go through'),
      () => text(),
    );
    button('Send feedback').click();
    await until(
      () => text().includes('helps the next person'),
      () => text(),
    );
    expect(session.calls.at(-1)).to.equal('giveFeedback 4 Calm.');
    await until(
      () => focused(room).includes('Thank you'),
      () => focused(room),
    );
  });

  it('hands the candidate a copy without asking anybody', async () => {
    const { session, reach, button } = await furnishLive();
    over(session, 'completed');
    await reach('done');
    const names: string[] = [];
    HTMLAnchorElement.prototype.click = function () {
      names.push(`${this.download} ${this.href.slice(0, 5)}`);
    };
    button('Keep a copy').click();
    Reflect.deleteProperty(HTMLAnchorElement.prototype, 'click');
    expect(names).to.deep.equal(['Product designer.txt blob:']);
  });

  it('asks before the page is left, only while something would be lost', async () => {
    const { room, session, reach } = await furnish(withoutConsents());
    await reach('welcome');
    expect(leaving()).to.equal(false);
    await room.start();
    await reach('live');
    expect(leaving()).to.equal(true);
    session.deliver({ pending: 2, acknowledged: 1, kept: 'memory' });
    session.fail(new InterviewError('delivery_failed', 'offline'));
    await reach('trouble');
    expect(leaving()).to.equal(true);
    session.deliver({ pending: 0, acknowledged: 3, kept: 'memory' });
    over(session, 'completed');
    await reach('done');
    expect(leaving()).to.equal(false);
    over(session, 'completed');
    session.become('live');
    await reach('live');
    expect(leaving()).to.equal(true);
    session.say([]);
    room.remove();
    await room.updateComplete;
    expect(leaving()).to.equal(false);
  });

  for (const code of interviewErrorCodes.filter((one) => one !== 'consent_required')) {
    it(`has words for ${code}`, async () => {
      const { room, session, reach, find } = await furnishLive();
      session.fail(new InterviewError(code, 'for developers'));
      await reach('trouble');
      expect(find('h2').innerText).not.to.equal('');
      expect(room.shadowRoot?.textContent).not.to.contain('for developers');
    });
  }
});
