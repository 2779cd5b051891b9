import { expect } from 'chai';
import { InterviewError } from '@interview/rtc';
import { defineInterviewRoom } from './define.ts';
import { furnishLive, line, sampleLines } from '../testing/furnish.ts';
import { clearPage, focused, nextEvent, press, until } from '../testing/page.ts';

defineInterviewRoom();

describe('the talk', () => {
  afterEach(clearPage);

  it('shows question, progress, time, speaker and transcript', async () => {
    const { text, find } = await furnishLive();
    expect(text()).to.contain('3 of 5');
    expect(text()).to.contain('Question 3');
    expect(text()).to.match(/11:4[0-2]/);
    expect(text()).to.contain('You are speaking');
    const log = find('ai-interview-transcript').shadowRoot?.querySelector('[role=log]');
    expect(log?.textContent).to.contain('people slowed down');
  });

  it('says nothing of questions where nobody counts them', async () => {
    const { room, session } = await furnishLive();
    session.progress = null;
    session.capabilities = { supervision: 'none', actions: [], text: true, pause: false };
    session.emit('turn', { turn: 'interviewer' });
    await room.updateComplete;
    expect(room.renderRoot.querySelector('[part=question] h3')).to.equal(null);
  });

  it('shows a question once it was asked, and never beside its own caption', async () => {
    const { room, session, find } = await furnishLive();
    const question = 'How did you know that it was better?';
    const visible = (): boolean => find('.asked').checkVisibility({ visibilityProperty: true });
    session.advance({ question: 4, of: 5, text: question, phase: 'question' });
    await room.updateComplete;
    expect(visible(), 'before it is asked').to.equal(false);
    session.say([...sampleLines, line('5', 'interviewer', 'Thank you. How did', 'partial')]);
    await room.updateComplete;
    expect(visible(), 'before the voice is heard').to.equal(false);
    session.take('interviewer');
    await room.updateComplete;
    expect(visible(), 'while only its beginning is known').to.equal(false);
    session.say([...sampleLines, line('5', 'interviewer', `Thank you. ${question}`, 'partial')]);
    await room.updateComplete;
    expect(visible(), 'while the caption says it').to.equal(false);
    session.take('listening');
    await room.updateComplete;
    expect(visible(), 'once it was asked').to.equal(true);
    expect(find('.caption').textContent.trim()).to.equal('');
  });

  it('shows a question too that was asked in other words', async () => {
    const { room, session, find } = await furnishLive();
    session.advance({ question: 4, of: 5, text: 'How did you know?', phase: 'question' });
    await room.updateComplete;
    session.say([...sampleLines, line('5', 'interviewer', 'How could you tell?', 'final')]);
    session.take('interviewer');
    await room.updateComplete;
    expect(find('.asked').checkVisibility({ visibilityProperty: true })).to.equal(false);
    session.take('listening');
    await room.updateComplete;
    expect(find('.asked').checkVisibility({ visibilityProperty: true })).to.equal(true);
  });

  it('mutes and unmutes by what the session says', async () => {
    const { room, session, button } = await furnishLive();
    button('Mute').click();
    expect(session.muted).to.equal(true);
    await room.updateComplete;
    button('Unmute').click();
    await until(
      () => !session.muted,
      () => 'The microphone stayed off.',
    );
  });

  it('says that the microphone stays off where it does not open again', async () => {
    const { room, session, find, button } = await furnishLive();
    const announced = (): string => find('.room ~ [role=status]').textContent;
    button('Mute').click();
    await until(
      () => announced() === 'Your microphone is off.',
      () => `Announced: ${announced()}`,
    );
    session.failures.set('unmute', new InterviewError('microphone_denied', 'test'));
    const { error } = await nextEvent(room, 'interview-error', () => button('Unmute').click());
    expect(error.code).to.equal('microphone_denied');
    await until(
      () => announced() === 'Your microphone is off.\u00a0',
      () => `Announced: ${announced()}`,
    );
    expect(button('Unmute').checkVisibility()).to.equal(true);
  });

  it('tells the interviewer that an answer is done, but only while there is one', async () => {
    const { room, session, button } = await furnishLive();
    button('I’m done').click();
    session.take('interviewer');
    await room.updateComplete;
    button('I’m done').click();
    expect(session.calls.filter((call) => call === 'act done')).to.have.length(1);
    expect(button('I’m done').getAttribute('aria-disabled')).to.equal('true');
  });

  it('hides and shows captions', async () => {
    const { room, find, shows } = await furnishLive();
    find('[aria-label=Captions]').click();
    await room.updateComplete;
    expect(shows('.caption')).to.equal(false);
    expect(find('[aria-label=Captions]').getAttribute('aria-pressed')).to.equal('false');
  });

  it('asks once more before it ends, and Escape keeps going', async () => {
    const { room, session, button } = await furnishLive();
    button('End').focus();
    button('End').click();
    await room.updateComplete;
    await room.updateComplete;
    expect(focused(room)).to.equal('Keep going');
    press('Escape', button('Keep going'));
    await room.updateComplete;
    await room.updateComplete;
    expect(focused(room)).to.match(/^End/);
    expect(session.state).to.equal('live');
  });

  it('covers the stage while the connection is away and says that nothing is lost', async () => {
    const { room, session, text, find, shows } = await furnishLive();
    session.deliver({ pending: 2, acknowledged: 4, kept: 'indexeddb' });
    session.become('reconnecting');
    await room.updateComplete;
    expect(text()).to.contain('Everything you said is kept');
    expect(text()).to.contain('clock stopped');
    expect(find('.saved').textContent).to.contain('Saved on this device');
    expect(find('.stage').inert).to.equal(true);
    session.become('live');
    await room.updateComplete;
    expect(shows('.cover')).to.equal(false);
  });

  it('shows how good the line is, and says so calmly where it is weak', async () => {
    const { room, session, find, shows, text } = await furnishLive();
    expect(shows('.signal'), 'before it was measured').to.equal(false);
    const told = { roundTripMs: 90, jitterMs: 4, loss: 0, concealed: 0 };
    session.emit('quality', { ...told, rating: 5, warnings: [] });
    await room.updateComplete;
    expect(find('.signal').ariaLabel).to.equal('Good connection');
    session.emit('quality', { ...told, rating: 2, warnings: ['loss'] });
    await room.updateComplete;
    expect(find('.signal').ariaLabel).to.equal('Weak connection');
    expect(text()).to.contain('The connection is weak right now. Nothing is lost.');
    session.emit('quality', { ...told, rating: 5, warnings: ['no_voice'] });
    await room.updateComplete;
    expect(text()).to.contain('We do not hear you.');
    await session.mute();
    await room.updateComplete;
    expect(text(), 'nobody wonders about a microphone that is off').not.to.contain(
      'We do not hear',
    );
    session.become('reconnecting');
    await room.updateComplete;
    expect(shows('.signal')).to.equal(false);
  });

  for (const [width, height] of [
    [280, 560],
    [390, 844],
    [844, 390],
    [1800, 1000],
  ] as const) {
    it(`keeps every control in sight at ${width} × ${height}`, async () => {
      const { room, find } = await furnishLive();
      room.style.inlineSize = `${width}px`;
      room.style.blockSize = `${height}px`;
      room.style.minBlockSize = '0';
      for (const menu of [false, true]) {
        if (menu) find('.menu-button').click();
        await room.updateComplete;
        const { left, right, bottom } = room.getBoundingClientRect();
        for (const control of room.renderRoot.querySelectorAll<HTMLElement>('.bar button, .menu')) {
          if (!control.checkVisibility()) continue;
          const at = control.getBoundingClientRect();
          const name = control.innerText || control.className;
          expect(at.left, name).to.be.at.least(left);
          expect(at.right, name).to.be.at.most(right);
          if (!control.closest('.menu')) expect(at.bottom, name).to.be.at.most(bottom);
          expect(at.height, name).to.be.at.least(44);
        }
      }
    });
  }

  it('names the last question, and lets an answer end when the time is over', async () => {
    const { room, session, text } = await furnishLive();
    session.advance({ question: 5, of: 5, text: 'What else?', phase: 'question' });
    session.tellTime({ remainingS: 90, paused: false });
    await room.updateComplete;
    expect(text()).to.contain('Question 5, the last one');
    expect(text()).to.contain('A little time is left.');
    session.tellTime({ remainingS: 0, paused: false });
    await room.updateComplete;
    expect(text()).to.contain('The time is over. You may finish your answer.');
  });

  it('says take your time to whoever thinks', async () => {
    const { room, session, text } = await furnishLive();
    const passed = performance.now() + 20_000;
    session.take('interviewer');
    await room.updateComplete;
    session.take('listening');
    await room.updateComplete;
    expect(text()).to.contain('Listening to you');
    const now = Object.getOwnPropertyDescriptor(performance, 'now');
    performance.now = () => passed;
    try {
      await until(
        () => text().includes('Take your time'),
        () => text(),
      );
    } finally {
      if (now) Object.defineProperty(performance, 'now', now);
      else Reflect.deleteProperty(performance, 'now');
    }
  });

  it('reads what is said to nobody who hears it, and to whoever does not', async () => {
    const { room, session, find } = await furnishLive();
    const live = (): string | null | undefined =>
      find('ai-interview-transcript').shadowRoot?.querySelector('[role=log]')?.ariaLive;
    expect(live(), 'while its voice plays').to.equal('off');
    room.politeness = 'assertive';
    session.emit('error', { error: new InterviewError('playback_blocked', 'blocked') });
    await room.updateComplete;
    await until(
      () => live() === 'assertive',
      () => `It is ${String(live())}.`,
    );
  });

  it('lets the sound be turned on while it connects: the first word waits for that', async () => {
    const { room, session, button, shows } = await furnishLive();
    session.become('connecting');
    session.emit('error', { error: new InterviewError('playback_blocked', 'blocked') });
    await room.updateComplete;
    button('Turn on the sound').click();
    expect(session.calls).to.contain('resumePlayback');
    session.become('live');
    await until(
      () => !shows('.cover'),
      () => 'The stage stayed covered.',
    );
  });

  it('turns blocked sound on by one tap', async () => {
    const { room, session, button, shows } = await furnishLive();
    session.emit('error', { error: new InterviewError('playback_blocked', 'blocked') });
    await room.updateComplete;
    button('Turn on the sound').click();
    expect(session.calls).to.contain('resumePlayback');
    await until(
      () => !shows('.cover'),
      () => 'The stage stayed covered.',
    );
  });
});
