import { expect } from 'chai';
import { InterviewError, interviewErrorCodes } from '@interview/rtc';
import { defineInterviewRoom } from './define.ts';
import { furnishLive } from '../testing/furnish.ts';
import { clearPage } from '../testing/page.ts';
import { sampleAbout } from '../testing/sample-about.ts';

defineInterviewRoom();

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

  it('offers nothing to press where the talk goes on in another tab', async () => {
    const { room, session, reach, text } = await furnishLive();
    session.fail(new InterviewError('taken_over', 'elsewhere'));
    await reach('trouble');
    expect(text()).to.contain('goes on elsewhere');
    expect(room.renderRoot.querySelectorAll('button')).to.have.length(0);
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
