import { expect } from 'chai';
import { defineInterviewRoom } from './define.ts';
import { InterviewError } from '@interview/rtc';
import { furnish, furnishLive, line, sampleLines } from '../testing/furnish.ts';
import { clearPage, focused, until } from '../testing/page.ts';
import { withoutConsents } from '../testing/session-double.ts';

defineInterviewRoom();

describe('keyboard and focus', () => {
  afterEach(clearPage);

  it('moves focus to the heading of a new screen when it was inside', async () => {
    const { room, session, reach, button } = await furnish(withoutConsents());
    await reach('welcome');
    button('Check my microphone').focus();
    button('Check my microphone').click();
    await session.untilState('ready');
    await reach('check');
    await room.updateComplete;
    expect(focused(room)).to.equal('Say a few words');
  });

  it('leaves focus alone when it was elsewhere in the page', async () => {
    const elsewhere = document.createElement('button');
    document.body.append(elsewhere);
    elsewhere.focus();
    await furnishLive();
    expect(document.activeElement === elsewhere).to.equal(true);
    elsewhere.remove();
  });

  it('tells screen readers when the talk begins', async () => {
    const { find } = await furnishLive();
    expect(find('[role=status][aria-live=polite].unseen').textContent).to.contain(
      'The interviewer speaks first',
    );
  });

  it('tells them that the connection is back, and does not greet again', async () => {
    const { room, session, find } = await furnishLive();
    session.become('reconnecting');
    await room.updateComplete;
    session.become('live');
    await until(
      () => find('[aria-live=polite].unseen').textContent.includes('connected again'),
      () => 'Nobody was told.',
    );
  });

  it('tells of trouble at once, and not by focus alone', async () => {
    const { room, session, find } = await furnishLive();
    const alarm = (): string => find('[role=alert]').textContent;
    session.become('reconnecting');
    await until(
      () => alarm() === 'Your connection dropped',
      () => `Told: ${alarm()}`,
    );
    session.fail(new InterviewError('connection_lost', 'gone'));
    await until(
      () => alarm() !== 'Your connection dropped',
      () => 'Nobody was told.',
    );
    await room.updateComplete;
    expect(alarm()).to.equal(find('h2').textContent.trim());
  });

  it('tells nothing while words are still unsure', async () => {
    const { room, session, find } = await furnishLive();
    const spoken = (): string =>
      [...room.renderRoot.querySelectorAll('[role=status], [role=alert]')]
        .map((one) => one.textContent)
        .join();
    const before = spoken();
    for (const text of ['And', 'And what', 'And what did you learn']) {
      session.say([...sampleLines.slice(0, 3), line('8', 'interviewer', text, 'partial')]);
      await room.updateComplete;
      expect(find('.caption').closest('[aria-live]') === null).to.equal(true);
    }
    expect(spoken()).to.equal(before);
  });

  it('makes every control large enough for a thumb', async () => {
    const { room } = await furnishLive();
    for (const button of room.renderRoot.querySelectorAll('button')) {
      const { width, height } = button.getBoundingClientRect();
      expect(Math.min(width, height), button.innerText).to.be.at.least(44);
    }
  });
});
