import { expect } from 'chai';
import { defineInterviewRoom } from '../room/define.ts';
import { furnish, furnishLive } from '../testing/furnish.ts';
import { clearPage, until } from '../testing/page.ts';
import { en, type Language } from '../translations/en.ts';
import { after } from '../translations/en/after.ts';
import { before } from '../translations/en/before.ts';
import { check } from '../translations/en/check.ts';
import { core } from '../translations/en/core.ts';
import { help } from '../translations/en/help.ts';
import { live } from '../translations/en/live.ts';
import { steps } from '../translations/en/steps.ts';
import { trouble } from '../translations/en/trouble.ts';
import { languages } from '../translations/languages.ts';
import { load, registerTranslation, translationFor } from './localize.ts';

defineInterviewRoom();

/** A language that nobody speaks: English with its own mark. */
function marked(tag: string, dir: 'ltr' | 'rtl' = 'ltr'): Language {
  return {
    core: { ...core, $code: tag, $dir: dir, room: `room ${tag}` },
    before: { ...before, ...check, ...help, checkMicrophone: `check ${tag}` },
    live: { ...live, you: `you ${tag}`, liveTitle: `live ${tag}` },
    check,
    help,
    steps,
    trouble,
    after,
  };
}

/** Makes a language available, to be had once it is let come. */
function offer(
  tag: string,
  dir?: 'ltr' | 'rtl',
): { asked: () => number; come: (well: boolean) => void } {
  let asked = 0;
  let settle = (_well: boolean): void => undefined;
  const ask = (): Promise<Language> => {
    asked += 1;
    return new Promise((resolve, reject) => {
      settle = (well) => (well ? resolve(marked(tag, dir)) : reject(new Error('offline')));
    });
  };
  Object.assign(languages, { [tag]: ask });
  return { asked: () => asked, come: (well) => settle(well) };
}

const named = (room: Element): string | null | undefined =>
  room.shadowRoot?.querySelector('.room')?.getAttribute('aria-label');

describe('the language of a room', () => {
  afterEach(() => {
    clearPage();
    document.documentElement.lang = 'en';
  });

  it('is English until the language that is wanted is there, then mirrored where that is', async () => {
    const language = offer('qaa', 'rtl');
    document.documentElement.lang = 'qaa';
    const { room, reach, button, find } = await furnish();
    await reach('welcome');
    expect(named(room)).to.equal('Interview room');
    expect(language.asked()).to.equal(1);
    language.come(true);
    await until(
      () => named(room) === 'room qaa',
      () => `It is called ${named(room) ?? ''}.`,
    );
    expect(button('check qaa').checkVisibility()).to.equal(true);
    expect(find('.room').dir).to.equal('rtl');
    expect(find('.room').lang).to.equal('qaa');
  });

  it('stays English where it cannot be had, and is asked for again when the network is back', async () => {
    const language = offer('qab');
    const { room } = await furnish();
    room.lang = 'qab';
    await until(
      () => language.asked() === 1,
      () => 'Nobody asked.',
    );
    language.come(false);
    await load('qab');
    expect(named(room)).to.equal('Interview room');
    dispatchEvent(new Event('online'));
    expect(language.asked()).to.equal(2);
    language.come(true);
    await load('qab');
    await room.updateComplete;
    expect(named(room)).to.equal('room qab');
  });

  it('changes with `lang` on the room and around it, also in the elements within', async () => {
    for (const tag of ['qac', 'qad']) {
      const { core, before, live, trouble, after } = marked(tag);
      registerTranslation({
        ...core,
        ...before,
        ...check,
        ...help,
        ...live,
        trouble,
        steps,
        ...after,
      });
    }
    const { room, find } = await furnishLive();
    const speaker = (): string | undefined =>
      find('ai-interview-transcript').shadowRoot?.querySelectorAll('b')[1]?.textContent;
    document.documentElement.lang = 'qac-XX';
    await until(
      () => speaker() === 'you qac',
      () => `It says ${speaker() ?? ''}.`,
    );
    expect(named(room)).to.equal('room qac');
    room.lang = 'qad';
    await until(
      () => speaker() === 'you qad',
      () => `It says ${speaker() ?? ''}.`,
    );
    room.removeAttribute('lang');
    await until(
      () => named(room) === 'room qac',
      () => 'It did not go back to the language of the page.',
    );
  });

  it('is found through shadow roots around it', async () => {
    const { core, before, live, trouble, after } = marked('qae');
    registerTranslation({
      ...core,
      ...before,
      ...check,
      ...help,
      ...live,
      trouble,
      steps,
      ...after,
    });
    const host = document.createElement('div');
    host.className = 'placed';
    host.lang = 'qae';
    const root = host.attachShadow({ mode: 'open' });
    document.body.append(host);
    const room = document.createElement('ai-interview-room');
    root.append(room);
    await room.updateComplete;
    expect(named(room)).to.equal('room qae');
    host.lang = 'en';
    await until(
      () => named(room) === 'Interview room',
      () => 'The change around the shadow root went unseen.',
    );
  });

  it('takes words of the page, also within, and leaves out what is no word', async () => {
    const { room, reach, button, find } = await furnishLive();
    room.words = { you: 'Candidate', mute: 'Quiet', turn: { candidate: 'Go on' } };
    await room.updateComplete;
    expect(button('Quiet').checkVisibility()).to.equal(true);
    expect(find('[part=turn]').innerText).to.equal('Go on');
    const names = find('ai-interview-transcript').shadowRoot?.querySelectorAll('b');
    expect(names?.[1]?.textContent).to.equal('Candidate');
    Object.assign(room, { words: { mute: 7, turn: null, endShort: { a: 1 }, questionOf: 'x' } });
    await room.updateComplete;
    expect(button('Mute').checkVisibility()).to.equal(true);
    room.words = null;
    await room.updateComplete;
    await room.end();
    await reach('done');
  });
});

describe('translationFor', () => {
  it('knows a language by its script and by its likely region', () => {
    const { core, before, live, trouble, after } = marked('qaf');
    const words = { ...core, ...before, ...check, ...help, ...live, trouble, steps, ...after };
    registerTranslation({ ...words, $code: 'zh-Hant' });
    registerTranslation({ ...words, $code: 'pt-BR' });
    expect(translationFor('zh-TW').$code).to.equal('zh-Hant');
    expect(translationFor('pt').$code).to.equal('pt-BR');
    expect(translationFor('en-GB')).to.equal(en);
    expect(translationFor('not a tag')).to.equal(en);
    expect(translationFor('')).to.equal(en);
  });
});
