import { expect } from 'chai';
import { defineInterviewRoom } from './define.ts';
import { furnish, type Furnished } from '../testing/furnish.ts';
import { clearPage, until } from '../testing/page.ts';
import { SessionDouble } from '../testing/session-double.ts';

defineInterviewRoom();

/** A room that waits for the server's word on the invitation, and the way to let it come. */
async function waitingRoom(): Promise<Furnished & { answer: () => void }> {
  const session = new SessionDouble();
  let answer = (): void => undefined;
  session.held.set('look', new Promise((resolve) => (answer = resolve)));
  const furnished = await furnish(session);
  await furnished.reach('loading');
  return { ...furnished, answer };
}

function seen({ find }: Furnished, selector = '.head'): boolean {
  return find(selector).checkVisibility({ visibilityProperty: true });
}

function logo(): HTMLElement {
  const mark = document.createElement('b');
  mark.slot = 'logo';
  mark.textContent = 'N';
  return mark;
}

describe('the head of the room', () => {
  afterEach(clearPage);

  it('is not seen while there is nothing to show in it, and comes without a jump', async () => {
    const furnished = await waitingRoom();
    const { find, reach, answer } = furnished;
    expect(seen(furnished)).to.equal(false);
    const before = find('.main').getBoundingClientRect().top;
    answer();
    await reach('welcome');
    expect(seen(furnished)).to.equal(true);
    expect(find('.head').innerText).to.contain('Product designer');
    expect(find('.main').getBoundingClientRect().top).to.equal(before);
  });

  it('leaves the whole room to the words where there is no invitation', async () => {
    const furnished = await furnish();
    furnished.room.invitation = '';
    await furnished.reach('setup');
    const { find } = furnished;
    expect(seen(furnished)).to.equal(false);
    const [room, main] = ['.room', '.main'].map((one) => find(one));
    expect(main?.offsetHeight).to.equal(room?.clientHeight);
  });

  it('shows a mark of the page at once, also on a phone and when it comes late', async () => {
    const furnished = await waitingRoom();
    const { room, answer, reach } = furnished;
    room.style.inlineSize = '360px';
    const mark = logo();
    room.append(mark);
    await until(
      () => seen(furnished),
      () => 'The head stayed away.',
    );
    expect(mark.checkVisibility({ visibilityProperty: true })).to.equal(true);
    answer();
    await reach('welcome');
    expect(mark.checkVisibility(), 'beside the title of a phone').to.equal(false);
  });
});
