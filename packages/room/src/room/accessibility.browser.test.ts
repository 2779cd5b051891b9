import { expect } from 'chai';
import { InterviewError } from '@interview/rtc';
import { defineInterviewRoom } from './define.ts';
import { furnish, furnishLive } from '../testing/furnish.ts';
import { clearPage, violations } from '../testing/page.ts';
import { SessionDouble, withoutConsents } from '../testing/session-double.ts';
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

describe('accessibility of <ai-interview-room>', () => {
  afterEach(clearPage);

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
    ...['light', 'dark'].map((theme): [string, () => Promise<AiInterviewRoom>] => [
      `the menu and writing in ${theme}`,
      async () => {
        const { room, find } = await furnishLive();
        room.theme = theme as 'light' | 'dark';
        find('.write').click();
        await room.updateComplete;
        find('.menu-button').click();
        return room;
      },
    ]),
    [
      'paused',
      async () => {
        const { room, session } = await furnishLive();
        session.become('paused');
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
      'a request to people',
      async () => {
        const { room, reach, offered } = await furnish();
        await reach('welcome');
        (await offered('Ask for an adjustment')).click();
        return room;
      },
    ],
    [
      'an empty request to people',
      async () => {
        const { room, reach, offered } = await furnish();
        await reach('welcome');
        (await offered('Ask for an adjustment')).click();
        (await offered('Send')).click();
        return room;
      },
    ],
    [
      'practice',
      async () => {
        const { room, reach, offered } = await furnish(withoutConsents());
        await reach('welcome');
        (await offered('Check my microphone')).click();
        (await offered('Practise for a minute')).click();
        (await offered('Start practising')).click();
        await offered('Stop and listen');
        return room;
      },
    ],
    [
      'a closed microphone in dark',
      async () => {
        const session = withoutConsents();
        session.failures.set('prepare', new InterviewError('microphone_denied', 'no'));
        const { room, reach, offered } = await furnish(session);
        room.theme = 'dark';
        await reach('welcome');
        (await offered('Check my microphone')).click();
        await reach('trouble');
        await offered('Ask for a person');
        return room;
      },
    ],
    [
      'done in dark, with a correction and a rating',
      async () => {
        const { room, reach, find, offered } = await furnishLive();
        room.theme = 'dark';
        await room.end();
        await reach('done');
        find('summary').click();
        find('[data-line]').click();
        (await offered('Save')).click();
        await offered('Correct');
        find('[data-line]').click();
        find('[name=rating][value="4"]').click();
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
