import { expect } from 'chai';
import { html } from 'lit';
import type { TranscriptLine } from '@interview/rtc';
import { defineInterviewRoom } from '../room/define.ts';
import { line, sampleLines } from '../testing/furnish.ts';
import { clearPage, frames, place, violations } from '../testing/page.ts';
import type { AiInterviewTranscript } from './transcript.ts';

defineInterviewRoom();

const many = Array.from({ length: 40 }, (_, index) =>
  line(String(index), index % 2 ? 'candidate' : 'interviewer', `Line ${index}`, 'final'),
);

async function show(
  lines: readonly TranscriptLine[],
): Promise<{ element: AiInterviewTranscript; log: HTMLElement }> {
  const wrapper = place<HTMLElement>(html`<div></div>`);
  wrapper.style.setProperty('display', 'grid');
  wrapper.style.setProperty('block-size', '200px');
  const element = document.createElement('ai-interview-transcript');
  element.lines = lines;
  wrapper.append(element);
  await element.updateComplete;
  const log = element.renderRoot.querySelector<HTMLElement>('[role=log]');
  if (log === null) throw new Error('There is no log.');
  return { element, log };
}

/** Scrolls as a reader does, and waits until the element has noticed. */
async function scroll(log: HTMLElement, top: number): Promise<void> {
  const noticed = new Promise((resolve) => log.addEventListener('scroll', resolve, { once: true }));
  log.scrollTop = top;
  await noticed;
}

const turns = (log: HTMLElement): Element[] => [...log.querySelectorAll('.turn')];

const fromEnd = (log: HTMLElement): number => log.scrollHeight - log.clientHeight - log.scrollTop;

describe('<ai-interview-transcript>', () => {
  afterEach(clearPage);

  it('has no axe violations', async () => {
    const { element } = await show(sampleLines);
    expect(await violations(element)).to.deep.equal([]);
  });

  it('notes an interruption kindly', async () => {
    const { log } = await show(sampleLines);
    expect(log.textContent).to.contain('You came in here; that is fine.');
  });

  it('hides what is unsure from screen readers and tells it whole when it is certain', async () => {
    const { element, log } = await show(sampleLines);
    const unsure = log.querySelector('[aria-hidden=true]');
    expect(unsure?.textContent).to.contain('We split it again…');
    const added: Node[] = [];
    const watch = new MutationObserver((records) => {
      for (const record of records) added.push(...record.addedNodes);
    });
    watch.observe(log, { subtree: true, childList: true });
    element.lines = [...sampleLines.slice(0, -1), line('4', 'candidate', 'We split it.', 'final')];
    await element.updateComplete;
    await Promise.resolve();
    watch.disconnect();
    expect(added.map((node) => node.textContent ?? '').join()).to.contain('We split it.');
    expect(log.querySelector('[aria-hidden=true]') === null).to.equal(true);
  });

  it('puts a late line in its place and leaves the others as they stand', async () => {
    const { element, log } = await show(
      [sampleLines[0], sampleLines[2]].filter((one) => one !== undefined),
    );
    const [first, last] = turns(log);
    element.lines = sampleLines.slice(0, 3);
    await element.updateComplete;
    expect(turns(log).map((one) => one.querySelector('.text')?.textContent)).to.deep.equal(
      sampleLines.slice(0, 3).map(({ text }) => text),
    );
    expect(turns(log)[0] === first && turns(log)[2] === last).to.equal(true);
    element.lines = sampleLines.slice(0, 1);
    await element.updateComplete;
    expect(turns(log)).to.have.length(1);
  });

  it('follows the talk', async () => {
    const { element, log } = await show(many);
    element.lines = [...many, line('99', 'candidate', 'The newest', 'final')];
    await element.updateComplete;
    expect(fromEnd(log)).to.be.lessThan(2);
  });

  it('stays where the reader is, and leads back to the latest line', async () => {
    const { element, log } = await show(many);
    await scroll(log, 0);
    element.lines = [...many, line('99', 'candidate', 'The newest', 'final')];
    await element.updateComplete;
    expect(log.scrollTop).to.equal(0);
    const latest = element.renderRoot.querySelector('button');
    expect(latest?.innerText).to.equal('Jump to latest');
    latest?.click();
    await element.updateComplete;
    expect(fromEnd(log)).to.be.lessThan(2);
    expect(element.renderRoot.querySelector('button') === null).to.equal(true);
    expect(element.shadowRoot?.activeElement === log).to.equal(true);
  });

  it('is told as politely as the page wishes', async () => {
    const { element, log } = await show(sampleLines);
    expect(log.ariaLive).to.equal('polite');
    element.setAttribute('politeness', 'off');
    await element.updateComplete;
    expect(log.ariaLive).to.equal('off');
  });

  it('shows the candidate’s own wording beside a line, and leaves the line as it was', async () => {
    const { element, log } = await show(sampleLines);
    element.corrections = new Map([['2', 'We merged them, and people slowed down.']]);
    await element.updateComplete;
    const text = turns(log)[1]?.textContent ?? '';
    expect(text).to.contain('We merged delivery and payment');
    expect(text).to.contain('Your wording');
    expect(text).to.contain('We merged them, and people slowed down.');
  });

  it('touches nothing before the first line that changed', async () => {
    const { element, log } = await show(many);
    const touched: Node[] = [];
    const watch = new MutationObserver((records) => {
      for (const { target } of records) touched.push(target);
    });
    watch.observe(log, { subtree: true, childList: true, characterData: true, attributes: true });
    const renamed = line('38', 'interviewer', 'Line 38, all of it', 'final');
    element.lines = [...many.slice(0, 38), renamed, ...many.slice(39)];
    await element.updateComplete;
    await Promise.resolve();
    watch.disconnect();
    expect(turns(log)[38]?.textContent).to.contain('all of it');
    const others = touched.filter((node) => !turns(log)[38]?.contains(node));
    expect(others).to.have.length(0);
  });

  it('keeps every line in its place over many stretches', async () => {
    const all = Array.from({ length: 130 }, (_, at) =>
      line(String(at), 'candidate', `Line ${at}`, 'final'),
    );
    const { element, log } = await show(all.filter((_, at) => at % 3 !== 1));
    const shown = (): (string | undefined)[] =>
      turns(log).map((one) => one.querySelector('.text')?.textContent);
    const steps = [all, all.slice(60), [...all.slice(0, 20), ...all.slice(100)], [], all];
    for (const lines of steps) {
      element.lines = lines;
      await element.updateComplete;
      expect(shown()).to.deep.equal(lines.map(({ text }) => text));
    }
    expect(log.children.length).to.equal(4);
  });

  it('keeps following where rows come out higher than was guessed', async () => {
    const tall = Array.from({ length: 60 }, (_, at) =>
      line(String(at), 'candidate', 'A long answer. '.repeat(30), 'final'),
    );
    const { element, log } = await show(tall.slice(0, 1));
    element.lines = tall;
    await element.updateComplete;
    await frames(4);
    expect(fromEnd(log)).to.be.lessThan(2);
    expect(element.renderRoot.querySelector('.latest') === null).to.equal(true);
  });

  it('shows words as words', async () => {
    const { log } = await show([line('1', 'candidate', '<b onclick=x>bold</b>', 'final')]);
    expect(log.querySelector('[onclick]') === null).to.equal(true);
    expect(log.textContent).to.contain('<b onclick=x>bold</b>');
  });
});
