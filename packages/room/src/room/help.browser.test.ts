import { expect } from 'chai';
import { InterviewError, InterviewSession, type ResumableInterview } from '@interview/rtc';
import { defineInterviewRoom } from './define.ts';
import { furnish, furnishLive, type Furnished } from '../testing/furnish.ts';
import { clearPage, focused, press, until, write } from '../testing/page.ts';
import { SessionDouble, withoutConsents } from '../testing/session-double.ts';

defineInterviewRoom();

/** A session whose link may also be followed in writing. */
function inWriting(session = new SessionDouble()): SessionDouble {
  session.about = { ...session.about, modes: ['voice', 'text'] };
  return session;
}

/** A room whose microphone was refused. */
async function refused(error: InterviewError, session = withoutConsents()): Promise<Furnished> {
  session.failures.set('prepare', error);
  const furnished = await furnish(session);
  await furnished.reach('welcome');
  furnished.button('Check my microphone').click();
  await furnished.reach('trouble');
  return furnished;
}

const denied = (message: string): InterviewError =>
  new InterviewError('microphone_denied', 'no', {
    cause: new DOMException(message, 'NotAllowedError'),
  });

describe('typing instead', () => {
  afterEach(clearPage);

  it('begins in writing and asks for no microphone', async () => {
    const { offered, session, reach, find } = await furnish(inWriting());
    await reach('welcome');
    find('#consent-transcription').click();
    (await offered('I would rather type')).click();
    await reach('live');
    expect(session.started?.mode).to.equal('text');
    expect(session.calls).not.to.contain('prepare');
  });

  it('asks for the same agreements first', async () => {
    const { offered, room, session, reach } = await furnish(inWriting());
    await reach('welcome');
    (await offered('I would rather type')).click();
    await until(
      () => focused(room) === 'consent-transcription',
      () => focused(room),
    );
    expect(session.started).to.equal(null);
  });

  it('is not offered where the interview is held by voice only', async () => {
    const { reach, text } = await furnish();
    await reach('welcome');
    expect(text()).not.to.contain('rather type');
  });

  it('stays the way after something failed', async () => {
    const { offered, session, reach, find, button } = await furnish(inWriting());
    await reach('welcome');
    find('#consent-transcription').click();
    session.failures.set('start', new InterviewError('proxy_unreachable', 'no'));
    (await offered('I would rather type')).click();
    await reach('trouble');
    button('Try again').click();
    await reach('live');
    expect(session.started?.mode).to.equal('text');
  });

  it('is a way out where the microphone stays closed', async () => {
    const { offered, session, reach } = await refused(
      denied('Permission denied'),
      inWriting(withoutConsents()),
    );
    (await offered('I would rather type')).click();
    await reach('live');
    expect(session.started?.mode).to.equal('text');
  });
});

describe('asking people', () => {
  afterEach(clearPage);

  it('asks for an adjustment without a reason, and confirms it in place', async () => {
    const { offered, room, session, reach, button, find, text, shows } = await furnish();
    await reach('welcome');
    (await offered('Ask for an adjustment')).click();
    await room.updateComplete;
    expect(focused(room)).to.equal('ask-note');
    expect(text()).to.contain('You need not say why');
    write(find('#ask-note'), '  More time for each answer.  ');
    button('Send').click();
    await until(
      () => text().includes('Sent to Northwind'),
      () => text(),
    );
    expect(session.calls).to.contain('ask adjustment More time for each answer.');
    expect(focused(room)).to.contain('Sent to Northwind');
    expect(shows('[data-ask=adjustment]')).to.equal(false);
    expect(shows('[data-ask=human]')).to.equal(true);
  });

  it('sends no empty request for an adjustment, but calls a person without words', async () => {
    const { offered, room, session, reach, button, text, find } = await furnish();
    await reach('welcome');
    (await offered('Ask for an adjustment')).click();
    await room.updateComplete;
    button('Send').click();
    await room.updateComplete;
    expect(text()).to.contain('write a few words');
    expect(find('#ask-note').getAttribute('aria-invalid')).to.equal('true');
    button('Not now').click();
    await room.updateComplete;
    (await offered('Ask for a person')).click();
    await room.updateComplete;
    button('Send').click();
    await until(
      () => text().includes('Sent to'),
      () => text(),
    );
    expect(session.calls.filter((call) => call.startsWith('ask'))).to.deep.equal(['ask human ']);
  });

  it('keeps what was written where sending failed', async () => {
    const { offered, room, session, reach, button, find, text } = await furnish();
    session.failures.set('ask', new InterviewError('start_unreachable', 'offline'));
    await reach('welcome');
    (await offered('Ask for a person')).click();
    await room.updateComplete;
    write(find('#ask-note'), 'Please call me.');
    button('Send').click();
    await until(
      () => text().includes('did not go through'),
      () => text(),
    );
    expect(find('#ask-note')).to.have.property('value', 'Please call me.');
  });

  it('is taken back by Escape, and gives the focus back', async () => {
    const { offered, room, reach, find, shows } = await furnish();
    await reach('welcome');
    (await offered('Ask for a person')).click();
    await room.updateComplete;
    press('Escape', find('#ask-note'));
    await room.updateComplete;
    expect(shows('#ask-note')).to.equal(false);
    expect(focused(room)).to.equal('Ask for a person');
  });

  it('forgets the request of one link where another is opened', async () => {
    const { offered, room, reach, find, shows } = await furnish();
    await reach('welcome');
    (await offered('Ask for a person')).click();
    await room.updateComplete;
    write(find('#ask-note'), 'Private');
    room.sessionFactory = () => new SessionDouble();
    room.invitation = 'inv_other';
    await room.updateComplete;
    await reach('welcome');
    expect(shows('#ask-note')).to.equal(false);
  });
});

describe('a closed microphone', () => {
  afterEach(clearPage);

  it('names the steps of this browser', async () => {
    const { find, shows, text } = await refused(denied('Permission denied'));
    await until(
      () => shows('.steps'),
      () => text(),
    );
    expect(find('.steps').innerText).to.contain('start of the address bar');
  });

  it('tells the system’s switch from the browser’s', async () => {
    const { find, shows, text } = await refused(denied('Permission denied by system'));
    await until(
      () => shows('.steps'),
      () => text(),
    );
    expect(find('.steps').innerText).to.match(/privacy/i);
  });

  it('leads on to a person', async () => {
    const { offered, button, room, find, session, text } = await refused(
      denied('Permission denied'),
    );
    (await offered('Ask for a person')).click();
    await room.updateComplete;
    write(find('#ask-note'), 'It stays closed.');
    button('Send').click();
    await until(
      () => text().includes('Sent to'),
      () => text(),
    );
    expect(session.calls).to.contain('ask human It stays closed.');
  });

  it('copies the whole link where another browser is the way', async () => {
    const copied: string[] = [];
    const restore = clipboard((text) => Promise.resolve(void copied.push(text)));
    history.replaceState(null, '', '#interview=inv_from_link');
    const { offered, room, reach, button, session, text } = await fromLink();
    expect(location.hash).to.equal('');
    session.failures.set('prepare', new InterviewError('in_app_browser', 'no'));
    button('Check my microphone').click();
    await reach('trouble');
    (await offered('Copy the link')).click();
    await until(
      () => text().includes('Copied'),
      () => text(),
    );
    expect(copied).to.deep.equal([`${location.href}#interview=inv_from_link`]);
    restore();
    room.remove();
    sessionStorage.clear();
  });

  it('shows the link where nothing may be copied, and puts it into no attribute', async () => {
    const restore = clipboard(() => Promise.reject(new Error('no')));
    const { offered, find, shows, text } = await refused(
      new InterviewError('in_app_browser', 'no'),
    );
    (await offered('Copy the link')).click();
    await until(
      () => shows('.address'),
      () => text(),
    );
    expect(find('.address')).to.have.property('value', location.href);
    expect(find('.address').getAttribute('value')).to.equal(null);
    restore();
  });

  it('helps before the link could be looked at', async () => {
    const session = new SessionDouble();
    session.failures.set('look', new InterviewError('insecure_context', 'no'));
    const { reach, shows, text, find } = await furnish(session);
    await reach('trouble');
    await until(
      () => shows('.steps'),
      () => text(),
    );
    expect(find('.steps').innerText).to.contain('https');
    expect(text()).not.to.contain('Ask for a person');
  });
});

describe('an unfinished interview', () => {
  const resumable = InterviewSession.resumable.bind(InterviewSession);
  const forgotten: string[] = [];
  const found: ResumableInterview = {
    invitation: 'inv_remembered',
    title: 'Product designer',
    savedAt: 0,
    forget: () => Promise.resolve(void forgotten.push('inv_remembered')),
  };

  beforeEach(() => {
    InterviewSession.resumable = () => Promise.resolve([found]);
  });
  afterEach(() => {
    clearPage();
    InterviewSession.resumable = resumable;
    sessionStorage.clear();
  });

  it('is offered where no link was opened, and gone on with', async () => {
    const { room, reach, button, text } = await furnish(new SessionDouble(), document, '');
    await until(
      () => text().includes('unfinished interview'),
      () => text(),
    );
    const asked: (string | undefined)[] = [];
    const { sessionFactory } = room;
    room.sessionFactory = (options) => {
      asked.push(options.invitation);
      return sessionFactory(options);
    };
    button('Go on with Product designer').click();
    await reach('welcome');
    expect(asked).to.deep.equal(['inv_remembered']);
  });

  it('is forgotten by somebody else', async () => {
    const { button, text } = await furnish(new SessionDouble(), document, '');
    await until(
      () => text().includes('Not me'),
      () => text(),
    );
    button('Not me').click();
    await until(
      () => text().includes('Forgotten'),
      () => text(),
    );
    expect(forgotten).to.deep.equal(['inv_remembered']);
    expect(text()).to.contain('open your invitation link');
  });
});

/** A room that took its invitation from the page's address. */
async function fromLink(): Promise<Furnished> {
  const furnished = await furnish(withoutConsents(), document, '');
  await furnished.reach('welcome');
  return furnished;
}

function clipboard(writeText: (text: string) => Promise<void>): () => void {
  Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true });
  return () => Reflect.deleteProperty(navigator, 'clipboard');
}

describe('help in the talk', () => {
  afterEach(clearPage);

  it('leads to a person after the connection was lost', async () => {
    const { session, reach, text } = await furnishLive();
    session.fail(new InterviewError('connection_lost', 'gone'));
    await reach('trouble');
    expect(text()).to.contain('Ask for a person');
  });
});
