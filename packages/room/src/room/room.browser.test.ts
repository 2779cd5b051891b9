import { expect } from 'chai';
import { InterviewError, interviewErrorCodes } from '@interview/rtc';
import { defineInterviewRoom } from './define.ts';
import { furnish, furnishLive, line, sampleLines } from '../testing/furnish.ts';
import { clearPage, nextEvent, until, violations } from '../testing/page.ts';
import { sampleAbout } from '../testing/sample-about.ts';
import { SessionDouble } from '../testing/session-double.ts';
import type { AiInterviewRoom } from './room.ts';

defineInterviewRoom();

/** Half-faded text has no contrast yet. */
function finishMotion(room: AiInterviewRoom): void {
  for (const element of room.renderRoot.querySelectorAll('*')) {
    for (const animation of element.getAnimations()) {
      if (animation.effect?.getComputedTiming().iterations !== Infinity) animation.finish();
    }
  }
}

const never = new Promise<void>(() => undefined);

function press(key: string, target: Element): void {
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true }));
}

function focused(room: AiInterviewRoom): string {
  const element = room.shadowRoot?.activeElement;
  return element instanceof HTMLElement ? element.innerText.trim() || element.id : 'nothing';
}

describe('<ai-interview-room>', () => {
  afterEach(clearPage);

  describe('accessibility', () => {
    const screens: [string, () => Promise<AiInterviewRoom>][] = [
      [
        'loading',
        async () => {
          const session = new SessionDouble();
          session.held.set('look', never);
          return (await furnish(session)).room;
        },
      ],
      [
        'welcome',
        async () => {
          const { room, reach } = await furnish();
          await reach('welcome');
          return room;
        },
      ],
      [
        'welcome with a missing agreement',
        async () => {
          const { room, reach, button } = await furnish();
          await reach('welcome');
          button('Check my microphone').click();
          return room;
        },
      ],
      [
        'check',
        async () => {
          const { room, session, reach, button } = await furnish(withoutConsents());
          await reach('welcome');
          button('Check my microphone').click();
          await session.untilState('ready');
          await reach('check');
          return room;
        },
      ],
      [
        'connecting',
        async () => {
          const session = withoutConsents();
          session.held.set('start', never);
          const { room, reach } = await furnish(session);
          await reach('welcome');
          void room.start();
          await reach('connecting');
          return room;
        },
      ],
      ['live', async () => (await furnishLive()).room],
      [
        'live, the interviewer speaking in dark',
        async () => {
          const { room, session } = await furnishLive();
          room.theme = 'dark';
          session.take('interviewer');
          return room;
        },
      ],
      [
        'reconnecting',
        async () => {
          const { room, session } = await furnishLive();
          session.become('reconnecting');
          return room;
        },
      ],
      [
        'the question before ending',
        async () => {
          const { room, button } = await furnishLive();
          button('End').click();
          return room;
        },
      ],
      [
        'saving',
        async () => {
          const { room, session, reach } = await furnishLive();
          session.held.set('end', never);
          void room.end();
          await reach('saving');
          return room;
        },
      ],
      [
        'done',
        async () => {
          const { room, reach } = await furnishLive();
          await room.end();
          await reach('done');
          return room;
        },
      ],
      [
        'trouble',
        async () => {
          const { room, session, reach } = await furnishLive();
          session.fail(new InterviewError('connection_lost', 'gone'));
          await reach('trouble');
          return room;
        },
      ],
    ];

    for (const [name, show] of screens) {
      it(`has no axe violations: ${name}`, async () => {
        const room = await show();
        await room.updateComplete;
        finishMotion(room);
        expect(await violations(room)).to.deep.equal([]);
      });
    }
  });

  describe('before the talk', () => {
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
      expect(text()).to.contain('Allow the microphone');
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

  describe('the talk', () => {
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

  describe('the end', () => {
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

  describe('keyboard and focus', () => {
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

    it('makes every control large enough for a thumb', async () => {
      const { room } = await furnishLive();
      for (const button of room.renderRoot.querySelectorAll('button')) {
        const { width, height } = button.getBoundingClientRect();
        expect(Math.min(width, height), button.innerText).to.be.at.least(44);
      }
    });
  });

  describe('events', () => {
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

  describe('in a page', () => {
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
});

function withoutConsents(): SessionDouble {
  const session = new SessionDouble();
  session.about = { ...sampleAbout, consents: [] };
  return session;
}
