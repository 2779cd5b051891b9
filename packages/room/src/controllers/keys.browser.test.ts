import { expect } from 'chai';
import { defineInterviewRoom } from '../room/define.ts';
import { furnishLive, line, type Furnished } from '../testing/furnish.ts';
import { clearPage, until } from '../testing/page.ts';

defineInterviewRoom();

function key(type: 'keydown' | 'keyup', target: Element, init: KeyboardEventInit): KeyboardEvent {
  const event = new KeyboardEvent(type, {
    bubbles: true,
    composed: true,
    cancelable: true,
    ...init,
  });
  target.dispatchEvent(event);
  return event;
}

const told = ({ find }: Furnished): string => find('[role=status][aria-live].unseen').textContent;

describe('keys of the talk', () => {
  afterEach(clearPage);

  it('mutes by M, on a keyboard of another script too, and names the key', async () => {
    const { room, session, find } = await furnishLive();
    expect(find('[part~=mute-button]').getAttribute('aria-keyshortcuts')).to.equal('M');
    key('keydown', find('.stage'), { key: 'm', code: 'KeyM' });
    expect(session.muted).to.equal(true);
    await room.updateComplete;
    key('keydown', find('.stage'), { key: 'ь', code: 'KeyM' });
    await until(
      () => !session.muted,
      () => 'The microphone stayed off.',
    );
  });

  it('lets a muted candidate speak for as long as the space bar is held', async () => {
    const { session, find, button } = await furnishLive();
    button('Mute').click();
    const down = key('keydown', find('.stage'), { key: ' ' });
    expect(down.defaultPrevented, 'the page stays where it is').to.equal(true);
    key('keydown', find('.stage'), { key: ' ', repeat: true });
    await until(
      () => !session.muted,
      () => 'Nobody is heard.',
    );
    key('keyup', find('.stage'), { key: ' ' });
    await until(
      () => session.muted,
      () => 'The microphone stayed on.',
    );
    expect(session.calls.filter((call) => call === 'unmute')).to.have.length(1);
  });

  it('mutes again whoever lets go before the microphone is open, or leaves the window', async () => {
    const { session, find, button } = await furnishLive();
    button('Mute').click();
    let open = (): void => undefined;
    session.held.set('unmute', new Promise((resolve) => (open = resolve)));
    key('keydown', find('.stage'), { key: ' ' });
    window.dispatchEvent(new Event('blur'));
    open();
    await until(
      () => session.calls.at(-1) === 'mute' && session.muted,
      () => session.calls.join(),
    );
  });

  it('leaves the space bar to buttons and to what scrolls, and does nothing unless muted', async () => {
    const { room, session, find } = await furnishLive();
    key('keydown', find('.stage'), { key: ' ' });
    await room.updateComplete;
    expect(session.calls).not.to.contain('unmute');
    key('keyup', find('.stage'), { key: ' ' });
    await session.mute();
    const log = find('ai-interview-transcript').shadowRoot?.querySelector('[role=log]');
    for (const control of [find('.end'), log ?? room]) {
      expect(key('keydown', control, { key: ' ' }).defaultPrevented).to.equal(false);
    }
    expect(session.calls).not.to.contain('unmute');
  });

  it('takes no letter from a field, none with another key, and none from the rest of the page', async () => {
    const { room, session, find } = await furnishLive();
    find('.write').click();
    await room.updateComplete;
    const calls = session.calls.length;
    key('keydown', find('textarea'), { key: 'm' });
    find('.write').click();
    await room.updateComplete;
    key('keydown', find('.stage'), { key: 'm', ctrlKey: true });
    key('keydown', document.body, { key: 'm' });
    expect(session.calls.slice(calls).filter((call) => call === 'mute')).to.deep.equal([]);
  });

  it('reads the interviewer’s last words on demand', async () => {
    const furnished = await furnishLive();
    const { session, room, find } = furnished;
    session.say([...session.lines, line('9', 'interviewer', 'And what did you learn?', 'final')]);
    await room.updateComplete;
    expect(told(furnished)).not.to.contain('learn');
    key('keydown', find('.stage'), { key: 'r' });
    await room.updateComplete;
    expect(told(furnished)).to.equal('Interviewer: And what did you learn?');
  });

  it('rests while the talk waits or is about to end', async () => {
    const { room, session, find, button } = await furnishLive();
    button('End').click();
    await room.updateComplete;
    key('keydown', find('.stage'), { key: 'm' });
    button('Keep going').click();
    session.become('paused');
    await room.updateComplete;
    key('keydown', find('.stage'), { key: 'm' });
    expect(session.muted).to.equal(false);
  });
});
