import { expect } from 'chai';
import { InterviewError, type Capabilities } from '@interview/rtc';
import { defineInterviewRoom } from './define.ts';
import { furnishLive, type Furnished } from '../testing/furnish.ts';
import { clearPage, focused, press, until } from '../testing/page.ts';
import { device, SessionDouble } from '../testing/session-double.ts';

defineInterviewRoom();

/** A room in the talk with an interviewer who can do this. */
function withAbilities(able: Partial<Capabilities>): Promise<Furnished> {
  const session = new SessionDouble();
  session.able = { ...session.able, ...able };
  return furnishLive(session);
}

async function openMenu({ room, find }: Furnished): Promise<void> {
  find('.menu-button').click();
  await room.updateComplete;
  await room.updateComplete;
}

function answer({ find }: Furnished): HTMLTextAreaElement {
  const field = find('textarea');
  if (!(field instanceof HTMLTextAreaElement)) throw new Error('There is nothing to write in.');
  return field;
}

async function type(furnished: Furnished, text: string): Promise<void> {
  const field = answer(furnished);
  field.value = text;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  await furnished.room.updateComplete;
}

/** The box of the menu that has this label. */
function box({ room }: Furnished, label: string): HTMLInputElement {
  const labels = [...room.renderRoot.querySelectorAll('.menu label')];
  const found = labels.find((one) => one.textContent.trim().startsWith(label));
  const input = found?.querySelector('input');
  if (!input) throw new Error(`No box says ${label}.`);
  return input;
}

function choices({ room }: Furnished, label: string): HTMLSelectElement {
  const labels = [...room.renderRoot.querySelectorAll('.menu label')];
  const found = labels.find((one) => one.textContent.trim().startsWith(label));
  const select = found?.querySelector('select');
  if (!select) throw new Error(`No choice says ${label}.`);
  return select;
}

function choose(select: HTMLSelectElement, value: string): void {
  select.value = value;
  select.dispatchEvent(new Event('change', { bubbles: true }));
}

describe('what the candidate can do in the talk', () => {
  afterEach(() => {
    clearPage();
    localStorage.clear();
  });

  describe('writing', () => {
    it('turns the microphone off meanwhile, sends by Enter, and stays open', async () => {
      const furnished = await furnishLive();
      const { room, session, button, text } = furnished;
      button('Type instead').click();
      await room.updateComplete;
      await room.updateComplete;
      expect(room.shadowRoot?.activeElement === answer(furnished)).to.equal(true);
      expect(session.muted).to.equal(true);
      expect(text()).to.contain('Your microphone is off while you write');
      await type(furnished, '  We split it. ');
      press('Enter', answer(furnished));
      await until(
        () => answer(furnished).value === '',
        () => `Still there: ${answer(furnished).value}`,
      );
      expect(session.calls).to.contain('sendText We split it.');
      button('Speak instead').click();
      await until(
        () => !session.muted,
        () => 'The microphone stayed off.',
      );
      expect(furnished.shows('textarea')).to.equal(false);
    });

    it('leaves the microphone off that was off before', async () => {
      const { room, session, button } = await furnishLive();
      button('Mute').click();
      await room.updateComplete;
      button('Type instead').click();
      await room.updateComplete;
      button('Speak instead').click();
      await room.updateComplete;
      expect(session.calls).not.to.contain('unmute');
    });

    it('begins a new line by Shift and Enter, and takes no Enter from an unfinished word', async () => {
      const furnished = await furnishLive();
      furnished.find('.write').click();
      await furnished.room.updateComplete;
      await type(furnished, 'こん');
      for (const init of [{ shiftKey: true }, { isComposing: true }]) {
        const event = new KeyboardEvent('keydown', { key: 'Enter', cancelable: true, ...init });
        answer(furnished).dispatchEvent(event);
        expect(event.defaultPrevented).to.equal(false);
      }
      expect(furnished.session.calls.join()).not.to.contain('sendText');
    });

    it('keeps what did not go out and says so; sends nothing empty', async () => {
      const furnished = await furnishLive();
      const { room, session, find, text } = furnished;
      find('.write').click();
      await room.updateComplete;
      await type(furnished, '   ');
      find('.send').click();
      expect(session.calls.join()).not.to.contain('sendText');
      session.failures.set('sendText', new InterviewError('proxy_unreachable', 'test'));
      await type(furnished, 'We split it.');
      find('.send').click();
      await until(
        () => text().includes('This did not go out'),
        () => text(),
      );
      expect(answer(furnished).value).to.equal('We split it.');
      expect(find('.main').className, 'the talk goes on').to.contain('live');
    });

    it('is all there is where the interview is held in writing', async () => {
      const furnished = await withAbilities({ actions: ['skip', 'repeat', 'withdraw', 'end'] });
      const { room, session, find, shows, text } = furnished;
      expect(shows('textarea')).to.equal(true);
      for (const absent of [
        'ai-interview-visualizer',
        '.done',
        '[aria-keyshortcuts=M]',
        '.write',
      ]) {
        expect(shows(absent), absent).to.equal(false);
      }
      session.take('listening');
      await room.updateComplete;
      expect(text()).to.contain('Your turn; take your time');
      expect(find('.caption').textContent.trim()).to.equal(
        'What changed in the flow after you watched',
      );
    });
  });

  describe('the menu', () => {
    it('offers what this interviewer can do, and nothing else', async () => {
      const furnished = await withAbilities({ actions: ['done'], text: false, pause: false });
      await openMenu(furnished);
      expect(furnished.shows('.menu')).to.equal(true);
      expect(furnished.shows('.items button')).to.equal(false);
      expect(furnished.shows('.write')).to.equal(false);
    });

    it('asks the interviewer to say the question again, and closes', async () => {
      const furnished = await furnishLive();
      await openMenu(furnished);
      expect(furnished.room.shadowRoot?.activeElement?.className).to.contain('menu');
      furnished.button('Say the question again').click();
      await furnished.room.updateComplete;
      await furnished.room.updateComplete;
      expect(furnished.session.calls).to.contain('act repeat');
      expect(furnished.shows('.menu')).to.equal(false);
      expect(furnished.room.shadowRoot?.activeElement?.className).to.contain('menu-button');
    });

    it('skips a question only after a second thought', async () => {
      const furnished = await furnishLive();
      const { room, session, button } = furnished;
      await openMenu(furnished);
      button('Skip this question').click();
      await room.updateComplete;
      await room.updateComplete;
      expect(focused(room)).to.equal('Keep it');
      expect(session.calls).not.to.contain('act skip');
      button('Keep it').click();
      await room.updateComplete;
      await room.updateComplete;
      expect(focused(room)).to.equal('Skip this question');
      button('Skip this question').click();
      await room.updateComplete;
      button('Skip it').click();
      expect(session.calls).to.contain('act skip');
    });

    it('offers no skip while there is no question', async () => {
      const furnished = await furnishLive();
      furnished.session.advance({ question: 0, of: 5, text: '', phase: 'opening' });
      await openMenu(furnished);
      expect(furnished.shows('.skip')).to.equal(false);
    });

    it('closes by Escape, which gives the focus back, and by a press elsewhere', async () => {
      const furnished = await furnishLive();
      const { room, find, shows } = furnished;
      await openMenu(furnished);
      press('Escape', find('.menu'));
      await room.updateComplete;
      await room.updateComplete;
      expect(shows('.menu')).to.equal(false);
      expect(room.shadowRoot?.activeElement === find('.menu-button')).to.equal(true);
      await openMenu(furnished);
      const tap = (): Event => new PointerEvent('pointerdown', { bubbles: true, composed: true });
      box(furnished, 'Time left').dispatchEvent(tap());
      await room.updateComplete;
      expect(shows('.menu'), 'a press within').to.equal(true);
      find('.stage').dispatchEvent(tap());
      await room.updateComplete;
      expect(shows('.menu'), 'a press elsewhere').to.equal(false);
    });

    it('hides time and transcript and enlarges captions, also in the next talk', async () => {
      const furnished = await furnishLive();
      const { room, find, shows } = furnished;
      const size = (at: Furnished): number =>
        parseFloat(getComputedStyle(at.find('.caption')).fontSize);
      const before = size(furnished);
      await openMenu(furnished);
      box(furnished, 'Time left').click();
      box(furnished, 'Transcript').click();
      choose(choices(furnished, 'Size of captions'), '2');
      await room.updateComplete;
      expect(shows('.time')).to.equal(false);
      expect(find('.side').checkVisibility()).to.equal(false);
      expect(size(furnished)).to.be.greaterThan(before * 1.4);
      clearPage();
      const next = await furnishLive();
      expect(next.shows('.time')).to.equal(false);
      expect(next.find('.side').checkVisibility()).to.equal(false);
      expect(size(next)).to.be.greaterThan(before * 1.4);
    });

    it('takes nothing odd from what the browser kept', async () => {
      for (const kept of ['{', 'null', '{"captionSize":9,"time":"no"}']) {
        localStorage.setItem('ai-interview-room.view', kept);
        const { shows, find } = await furnishLive();
        expect(shows('.time'), kept).to.equal(true);
        expect(find('.stage').className, kept).to.contain('size-0');
        clearPage();
      }
    });

    it('changes microphone and speaker; a refusal leaves the talk as it is', async () => {
      const session = new SessionDouble();
      session.microphones = ['built-in', 'headset'].map((id) => device('audioinput', id, id));
      session.speakers = ['desk', 'ears'].map((id) => device('audiooutput', id, id));
      const furnished = await furnishLive(session);
      await openMenu(furnished);
      choose(choices(furnished, 'Microphone'), 'headset');
      session.failures.set('setSpeaker', new InterviewError('unsupported_browser', 'test'));
      choose(choices(furnished, 'Speaker'), 'ears');
      expect(session.calls).to.include.members(['setMicrophone headset', 'setSpeaker ears']);
      await furnished.room.updateComplete;
      expect(furnished.find('.main').className).to.contain('live');
    });
  });

  describe('a pause', () => {
    it('covers the stage, leads there, and goes on where it was left', async () => {
      const furnished = await furnishLive();
      const { room, session, find, shows, button, text } = furnished;
      const told = (): string => find('[role=status][aria-live].unseen').textContent;
      await openMenu(furnished);
      button('Pause the interview').click();
      await session.untilState('paused');
      await until(
        () => focused(room) === 'The interview is paused',
        () => `Focus is on ${focused(room)}.`,
      );
      expect(find('.stage').inert).to.equal(true);
      expect(text()).to.contain('clock stopped');
      button('Go on').click();
      await session.untilState('live');
      await until(
        () => !shows('.cover'),
        () => 'The stage stayed covered.',
      );
      expect(told()).to.equal('The interview goes on.');
    });
  });

  it('tries at once where the candidate asks for it', async () => {
    const { room, session, button } = await furnishLive();
    session.become('reconnecting');
    session.capabilities = null;
    await room.updateComplete;
    expect(button('Type instead').checkVisibility(), 'no button goes meanwhile').to.equal(true);
    button('Try now').click();
    expect(session.calls).to.contain('retryNow');
  });
});
