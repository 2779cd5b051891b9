import { expect } from 'chai';
import { InterviewError } from '@interview/rtc';
import { defineInterviewRoom } from './define.ts';
import { furnish, furnishLive, sampleLines } from '../testing/furnish.ts';
import { clearPage, nextEvent } from '../testing/page.ts';
import { SessionDouble, withoutConsents } from '../testing/session-double.ts';

defineInterviewRoom();

describe('events of <ai-interview-room>', () => {
  afterEach(clearPage);

  it('sends each event out through shadow roots, with typed fields', async () => {
    const { room, session } = await furnishLive();
    const transcript = await nextEvent(room, 'interview-transcript', () => {
      session.say(sampleLines);
    });
    expect(transcript).to.include({ bubbles: true, composed: true, cancelable: false });
    expect(transcript.lines).to.equal(sampleLines);

    const kept = { pending: 1, acknowledged: 2, kept: 'indexeddb' } as const;
    const { delivery } = await nextEvent(room, 'interview-delivery', () => session.deliver(kept));
    expect(delivery).to.deep.equal(kept);

    const left = { remainingS: 60, paused: false };
    const { time } = await nextEvent(room, 'interview-time', () => session.tellTime(left));
    expect(time).to.deep.equal(left);

    const next = { question: 4, of: 5, text: null, phase: 'question' } as const;
    const { progress } = await nextEvent(room, 'interview-progress', () => session.advance(next));
    expect(progress).to.deep.equal(next);

    const list = { microphones: [], speakers: [], microphoneId: 'desk', speakerId: null };
    const { devices } = await nextEvent(room, 'interview-devicechange', () => {
      session.emit('devices', list);
    });
    expect(devices).to.equal(list);

    const poor = { rating: 2, warnings: ['loss'] } as const;
    const measured = { ...poor, roundTripMs: 400, jitterMs: 30, loss: 0.1, concealed: null };
    const { quality } = await nextEvent(room, 'interview-quality', () => {
      session.emit('quality', measured);
    });
    expect(quality).to.equal(measured);

    const change = await nextEvent(room, 'interview-statechange', () => {
      session.become('reconnecting');
    });
    expect([change.previous, change.state]).to.deep.equal(['live', 'reconnecting']);
  });

  it('tells consents, completion and errors', async () => {
    const { room, session, reach } = await furnish(withoutConsents());
    await reach('welcome');
    const { consents } = await nextEvent(room, 'interview-consent', () => void room.start());
    expect(consents).to.deep.equal([]);
    await reach('live');
    const completed = await nextEvent(room, 'interview-completed', () => {
      void room.end('withdrawn');
    });
    expect([completed.reason, completed.status]).to.deep.equal(['withdrawn', 'completed']);

    const error = new InterviewError('delivery_failed', 'later');
    const told = await nextEvent(room, 'interview-error', () => session.emit('error', { error }));
    expect(told.error).to.equal(error);
  });

  it('tells an error once, though it is thrown and emitted', async () => {
    const session = withoutConsents();
    const error = new InterviewError('microphone_busy', 'busy');
    session.failures.set('prepare', error);
    const { room, reach } = await furnish(session);
    await reach('welcome');
    const told: InterviewError[] = [];
    room.addEventListener('interview-error', (event) => told.push(event.error));
    session.emit('error', { error });
    await room.start();
    expect(told).to.deep.equal([error]);
  });
});

describe('<ai-interview-room> in a page', () => {
  afterEach(clearPage);

  it('is registered once, however often it is asked', () => {
    const first = customElements.get('ai-interview-room');
    expect(() => defineInterviewRoom()).not.to.throw();
    expect(customElements.get('ai-interview-room')).to.equal(first);
  });

  it('takes the invitation out of the address', async () => {
    history.replaceState(null, '', '#tab=2&interview=inv_from_link');
    const made: (string | undefined)[] = [];
    const room = document.createElement('ai-interview-room');
    room.startUrl = '/start';
    room.sessionFactory = ({ invitation }) => {
      made.push(invitation);
      return new SessionDouble();
    };
    document.body.append(room);
    await room.updateComplete;
    expect(location.hash).to.equal('#tab=2');
    expect(made).to.deep.equal(['inv_from_link']);
    room.remove();
    sessionStorage.clear();
  });

  it('follows another link in the same page, but not in the midst of a talk', async () => {
    const made: (string | undefined)[] = [];
    const session = withoutConsents();
    const room = document.createElement('ai-interview-room');
    room.className = 'placed';
    room.startUrl = '/start';
    room.sessionFactory = ({ invitation }) => {
      made.push(invitation);
      return session;
    };
    const follow = async (hash: string): Promise<void> => {
      const changed = new Promise((resolve) => {
        addEventListener('hashchange', resolve, { once: true });
      });
      location.hash = hash;
      await changed;
    };
    document.body.append(room);
    await follow('#interview=inv_first');
    await room.start();
    await session.untilState('live');
    await follow('#interview=inv_second');
    expect(made).to.deep.equal(['inv_first']);
    history.replaceState(null, '', location.pathname + location.search);
    sessionStorage.clear();
  });

  it('keeps a talk whatever the page changes meanwhile, and heeds that for the next one', async () => {
    const made: string[] = [];
    const { room, session, reach, shows } = await furnishLive();
    room.sessionFactory = ({ invitation = '' }) => {
      made.push(invitation);
      return new SessionDouble();
    };
    room.startUrl = '/another-start';
    room.invitation = 'inv_next';
    room.serverUrl = 'https://another.test';
    room.supabaseKey = 'sb_publishable_other';
    room.simulation = true;
    await room.updateComplete;
    expect(session.calls).not.to.contain('destroy');
    expect(shows('.main.live')).to.equal(true);
    await room.end();
    await reach('done');
    expect(made).to.deep.equal([]);
    void room.start();
    await reach('welcome');
    expect(made).to.deep.equal(['inv_next']);
  });

  it('leads back into the interview after a reload of the tab', async () => {
    sessionStorage.setItem('ai-interview-room:invitation', 'inv_before_reload');
    const made: (string | undefined)[] = [];
    const session = withoutConsents();
    const room = document.createElement('ai-interview-room');
    room.className = 'placed';
    room.startUrl = '/start';
    room.sessionFactory = ({ invitation }) => {
      made.push(invitation);
      return session;
    };
    document.body.append(room);
    await room.start();
    expect(made).to.deep.equal(['inv_before_reload']);
    await room.end();
    await room.updateComplete;
    expect(sessionStorage.getItem('ai-interview-room:invitation')).to.equal(null);
  });

  it('ends nothing where nothing was begun', async () => {
    const { room, session, reach, shows } = await furnish();
    await reach('welcome');
    await room.end();
    expect(session.calls).to.deep.equal(['look']);
    expect(shows('.main.welcome')).to.equal(true);
  });

  it('says so where there is no invitation', async () => {
    const room = document.createElement('ai-interview-room');
    room.startUrl = '/start';
    document.body.append(room);
    await room.updateComplete;
    expect(room.shadowRoot?.textContent).to.contain('Please open your invitation link');
    room.remove();
  });

  it('gives the session what the attributes say', async () => {
    const room = document.createElement('ai-interview-room');
    let given: unknown = null;
    room.sessionFactory = (options) => {
      given = options;
      return new SessionDouble();
    };
    room.setAttribute('start-url', 'https://northwind.test/start');
    room.setAttribute('invitation', 'inv_x');
    room.setAttribute('server-url', 'https://a.test, https://b.test');
    room.setAttribute('supabase-key', 'sb_publishable_x');
    room.setAttribute('simulation', '');
    room.lang = 'en-GB';
    document.body.append(room);
    await room.updateComplete;
    expect(given).to.deep.equal({
      startUrl: new URL('https://northwind.test/start'),
      invitation: 'inv_x',
      serverUrl: ['https://a.test', 'https://b.test'],
      supabaseKey: 'sb_publishable_x',
      simulation: true,
      locale: 'en-GB',
    });
    room.remove();
  });

  it('starts by itself where nothing is left to ask', async () => {
    const session = withoutConsents();
    const room = document.createElement('ai-interview-room');
    Object.assign(room, { startUrl: '/s', invitation: 'inv_x', autoStart: true });
    room.sessionFactory = () => session;
    document.body.append(room);
    await session.untilState('live');
    expect(session.calls).to.deep.equal(['look', 'prepare', 'devices', 'start']);
    room.remove();
  });

  it('keeps the interview when it is moved, and lets go of it when it is removed', async () => {
    const { room, session } = await furnishLive();
    const place = document.createElement('div');
    document.body.append(place);
    place.append(room);
    await room.updateComplete;
    expect(session.calls).not.to.contain('destroy');
    place.remove();
    await Promise.resolve();
    expect(session.calls).to.contain('destroy');
  });
});
