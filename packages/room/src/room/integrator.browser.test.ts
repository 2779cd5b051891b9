import { expect } from 'chai';
import { InterviewError, type InterviewSessionOptions } from '@interview/rtc';
import { defineInterviewRoom } from './define.ts';
import type { AiInterviewRoom } from './room.ts';
import { furnish, furnishLive, sampleLines } from '../testing/furnish.ts';
import { clearPage, nextEvent, until } from '../testing/page.ts';
import { SessionDouble, withoutConsents } from '../testing/session-double.ts';

defineInterviewRoom();

/** A room as a page writes it, and what its session was made with. */
async function written(
  attributes: Record<string, string>,
  session = withoutConsents(),
): Promise<{ room: AiInterviewRoom; made: InterviewSessionOptions[] }> {
  const made: InterviewSessionOptions[] = [];
  const room = document.createElement('ai-interview-room');
  room.className = 'placed';
  for (const [name, value] of Object.entries(attributes)) room.setAttribute(name, value);
  room.sessionFactory = (options) => {
    made.push(options);
    return session;
  };
  document.body.append(room);
  await room.updateComplete;
  return { room, made };
}

function token(claims: Record<string, unknown>): string {
  return ['head', btoa(JSON.stringify(claims)).replace(/=+$/, ''), 'signature'].join('.');
}

const SESSION = '0199a000-0000-7000-8000-000000000001';
let tokens = 0;
const fresh = (): string =>
  token({ sid: SESSION, exp: Math.floor(Date.now() / 1000) + 600, jti: String((tokens += 1)) });

const request = { locale: 'en' } as const;

async function asked({ backend }: InterviewSessionOptions, step: 'look' | 'start' | 'ask') {
  return backend?.({ ...request, step }, new AbortController().signal);
}

describe('where <ai-interview-room> takes its session from', () => {
  afterEach(clearPage);

  it('asks the function of a Supabase project, whether its address ends in a slash or not', async () => {
    for (const address of ['https://some.supabase.co', 'https://some.supabase.co/']) {
      const { made } = await written({ 'supabase-url': address, invitation: 'inv_1' });
      expect(String(made[0]?.startUrl)).to.equal(
        'https://some.supabase.co/functions/v1/interview-start',
      );
    }
    const own = {
      'start-url': 'https://own.test/start',
      'supabase-url': 'https://some.supabase.co',
    };
    const { made } = await written({ ...own, invitation: 'inv_1' });
    expect(String(made[0]?.startUrl)).to.equal('https://own.test/start');
  });

  it('needs a proxy and nothing else beside a session token, and never writes the token', async () => {
    const { room, made } = await written({ 'session-token': fresh() });
    expect(made).to.have.length(0);
    room.serverUrl = 'https://proxy.test';
    await room.updateComplete;
    expect(made).to.have.length(1);
    expect(made[0]).to.include({ simulation: false });
    expect(made[0]).not.to.have.any.keys('startUrl', 'invitation');
    room.removeAttribute('session-token');
    room.sessionToken = fresh();
    await room.updateComplete;
    expect(room.outerHTML).not.to.contain('signature');
  });

  it('tells what is agreed to by address and version, and starts with the token', async () => {
    const text = fresh();
    const { made } = await written({
      'session-token': text,
      'server-url': 'https://proxy.test, https://second.test',
      heading: 'A word with us',
      'consent-url': '/terms',
      'consent-version': '2026-11',
    });
    const options = made[0] ?? {};
    const look = (await asked(options, 'look')) as { consents: object[]; interview: object };
    expect(look.interview).to.include({ title: 'A word with us' });
    expect(look.consents).to.have.length(1);
    const url = new URL('/terms', location.href).href;
    expect(look.consents[0]).to.include({ url, version: '2026-11', required: true });
    const start = (await asked(options, 'start')) as Record<string, unknown>;
    expect(start['session']).to.include({ id: SESSION });
    expect(start).to.include({ token: text });
    expect(start['proxy']).to.deep.equal({
      ws_url: 'https://proxy.test',
      http_url: 'https://proxy.test',
    });
  });

  it('is refused with a token that is none or has expired', async () => {
    for (const text of ['nonsense', 'a.%%%.b', token({ sid: SESSION, exp: 1 }), token({})]) {
      const { made } = await written({ 'session-token': text, 'server-url': 'https://proxy.test' });
      const refused = await asked(made[0] ?? {}, 'start').catch((error: unknown) => error);
      expect(refused).to.be.instanceOf(InterviewError);
      expect(refused).to.include({ code: 'token_refused' });
    }
  });

  it('asks the page for a fresh token and goes on with the same session', async () => {
    const session = withoutConsents();
    const { room, made } = await written(
      { 'session-token': fresh(), 'server-url': 'https://proxy.test' },
      session,
    );
    const error = new InterviewError('token_refused', 'old');
    session.failures.set('start', error);
    const expired = await nextEvent(room, 'interview-token-expired', () => void room.start());
    expect(expired.error).to.equal(error);
    room.sessionToken = fresh();
    await session.untilState('live');
    expect(made).to.have.length(1);
    expect(session.calls).not.to.contain('destroy');
  });
});

describe('what a page does with <ai-interview-room>', () => {
  afterEach(clearPage);

  it('pauses, goes on and answers in writing, and is told where that is refused', async () => {
    const { room, session } = await furnishLive();
    expect(await room.pause()).to.equal(true);
    expect(session.state).to.equal('paused');
    expect(await room.unpause()).to.equal(true);
    expect(await room.sendText('In writing.')).to.equal(true);
    expect(session.calls.slice(-3)).to.deep.equal(['pause', 'unpause', 'sendText In writing.']);
    const error = new InterviewError('unsupported', 'no');
    session.failures.set('pause', error);
    const told = await nextEvent(room, 'interview-error', () => {
      void room.pause().then((done) => expect(done).to.equal(false));
    });
    expect(told.error).to.equal(error);
    const { room: early } = await written({});
    expect(await early.sendText('Too early.')).to.equal(false);
  });

  it('gives the fields of an event as its detail too', async () => {
    const { room, session } = await furnishLive();
    const { detail } = await nextEvent(room, 'interview-transcript', () => {
      session.say(sampleLines);
    });
    expect(detail).to.deep.equal({ lines: sampleLines });
    const left = { remainingS: 60, paused: false };
    const time = await nextEvent(room, 'interview-time', () => session.tellTime(left));
    expect([time.detail.time, time.time]).to.deep.equal([left, left]);
  });

  it('holds back a start by preventing the consent', async () => {
    const { room, session, reach, shows } = await furnish(withoutConsents());
    await reach('welcome');
    room.addEventListener('interview-consent', (event) => event.preventDefault(), { once: true });
    await room.start();
    expect(session.started).to.equal(null);
    expect(shows('.main.check')).to.equal(true);
    await room.start();
    await reach('live');
  });

  it('asks in its own way whether to end by preventing the request', async () => {
    const { room, session, button, shows } = await furnishLive();
    room.addEventListener('interview-end-request', (event) => event.preventDefault(), {
      once: true,
    });
    const { reason } = await nextEvent(room, 'interview-end-request', () => {
      button('End').click();
    });
    await room.updateComplete;
    expect(shows('.keep')).to.equal(false);
    button('End').click();
    await room.updateComplete;
    expect(shows('.keep')).to.equal(true);
    await room.end(reason);
    expect(session.calls).to.contain('end candidate_ended');
  });

  it('hides the transcript by attribute, and shows it again', async () => {
    const { room, find } = await furnishLive();
    const side = (): string => getComputedStyle(find('.side')).display;
    expect(side()).to.equal('grid');
    room.setAttribute('transcript', 'off');
    await room.updateComplete;
    expect(side()).to.equal('none');
    room.transcript = 'on';
    await room.updateComplete;
    expect(room.getAttribute('transcript')).to.equal('on');
    expect(side()).to.equal('grid');
  });
});

describe('places for the words of a page', () => {
  afterEach(clearPage);

  const placed = (room: Element, slot: string): HTMLElement => {
    const words = document.createElement('p');
    words.slot = slot;
    words.textContent = `Words for ${slot}`;
    room.append(words);
    return words;
  };
  const seen = (element: HTMLElement): boolean => element.getClientRects().length > 0;

  it('are below the first page, its agreements, every screen and in place of the head', async () => {
    const { room, reach, find } = await furnish();
    await reach('welcome');
    const names = ['header', 'welcome', 'consent', 'error', 'footer'];
    const [header, welcome, consent, error, footer] = names.map((name) => placed(room, name));
    await until(
      () => !seen(find('.head')),
      () => 'The own head did not take the place of ours.',
    );
    expect([header, welcome, consent, footer].map((one) => one && seen(one))).to.deep.equal(
      Array(4).fill(true),
    );
    expect(error && seen(error)).to.equal(false);
    const top = (one?: Element): number => one?.getBoundingClientRect().top ?? NaN;
    expect(top(header)).to.be.lessThan(top(find('.main')));
    expect(top(footer)).to.be.greaterThan(top(find('.main')));
    expect(top(welcome)).to.be.at.least(find('.card').getBoundingClientRect().bottom - 1);
  });

  it('are below what went wrong', async () => {
    const session = new SessionDouble();
    session.failures.set('look', new InterviewError('invitation_expired', 'late'));
    const { room, reach } = await furnish(session);
    await reach('trouble');
    expect(seen(placed(room, 'error'))).to.equal(true);
    expect(seen(placed(room, 'welcome'))).to.equal(false);
  });
});

describe('two rooms on a page', () => {
  afterEach(() => {
    clearPage();
    sessionStorage.clear();
  });

  it('do not both follow the link of the page, and the other one waits for its own', async () => {
    history.replaceState(null, '', '#interview=inv_from_link');
    const first = await written({ 'start-url': '/start' });
    const second = await written({ 'start-url': '/start' });
    expect(first.made.map(({ invitation }) => invitation)).to.deep.equal(['inv_from_link']);
    expect(second.made).to.deep.equal([]);
    second.room.invitation = 'inv_own';
    await second.room.updateComplete;
    expect(second.made.map(({ invitation }) => invitation)).to.deep.equal(['inv_own']);
    // Once the first is gone, a room that comes later takes its place.
    first.room.remove();
    const third = await written({ 'start-url': '/start' });
    expect(third.made.map(({ invitation }) => invitation)).to.deep.equal(['inv_from_link']);
  });

  it('hold two talks apart, and one that ends takes no link from the other', async () => {
    history.replaceState(null, '', '#interview=inv_from_link');
    const linked = withoutConsents();
    const own = withoutConsents();
    const first = await written({ 'start-url': '/start' }, linked);
    const second = await written({ 'start-url': '/start', invitation: 'inv_own' }, own);
    await first.room.start();
    await second.room.start();
    first.room.mute();
    expect([linked.muted, own.muted]).to.deep.equal([true, false]);
    await second.room.end();
    await second.room.updateComplete;
    expect(linked.state).to.equal('live');
    expect(sessionStorage.length).to.equal(1);
    await first.room.end();
    await first.room.updateComplete;
    expect(sessionStorage.length).to.equal(0);
  });
});
