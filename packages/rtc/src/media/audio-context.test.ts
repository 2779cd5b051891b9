import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openAudioContext } from './audio-context.ts';
import { FakePage } from './testing/surroundings.ts';

class FakeContext extends EventTarget {
  state: AudioContextState = 'running';
  /** The system holds it still. */
  halted = false;

  become(state: AudioContextState): void {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }

  resume(): Promise<void> {
    if (this.halted) return Promise.reject(new DOMException('Halted.', 'InvalidStateError'));
    this.become('running');
    return Promise.resolve();
  }

  close(): Promise<void> {
    if (this.state === 'closed') return Promise.reject(new DOMException('', 'InvalidStateError'));
    this.become('closed');
    return Promise.resolve();
  }
}

let page: FakePage;
let target: EventTarget;
let context: FakeContext;
let end: AbortController;
const open = (): AudioContext | null =>
  openAudioContext(
    { createAudioContext: () => context as unknown as AudioContext, onPage: page.onPage },
    end.signal,
  );

beforeEach(() => {
  page = new FakePage();
  target = new EventTarget();
  context = new FakeContext();
  end = new AbortController();
  vi.stubGlobal('document', {});
  vi.stubGlobal('addEventListener', target.addEventListener.bind(target));
});
afterEach(() => {
  vi.unstubAllGlobals();
});

describe('the audio context', () => {
  it.each(['suspended', 'interrupted'] as const)('goes on at once when it is %s', (state) => {
    open();
    context.become(state);
    expect(context.state).toBe('running');
  });

  it.each([
    ['the page is seen', () => page.tell('visible')],
    ['somebody clicks', () => target.dispatchEvent(new Event('click'))],
    ['somebody taps', () => target.dispatchEvent(new Event('touchend'))],
    ['somebody types', () => target.dispatchEvent(new Event('keydown'))],
  ])('goes on when %s after it was held still', (_when, happen) => {
    open();
    context.halted = true;
    context.become('interrupted');
    expect(context.state).toBe('interrupted');
    context.halted = false;
    happen();
    expect(context.state).toBe('running');
  });

  it('is closed with its signal, and not woken again', () => {
    open();
    end.abort();
    expect([context.state, page.listening]).toEqual(['closed', 0]);
    const resume = vi.spyOn(context, 'resume');
    context.become('suspended');
    target.dispatchEvent(new Event('click'));
    expect(resume).not.toHaveBeenCalled();
  });

  it('may have been closed by the system', async () => {
    open();
    context.halted = true;
    context.become('closed');
    end.abort();
    // An unhandled rejection would fail this test.
    await new Promise((resolve) => setTimeout(resolve));
    expect(context.state).toBe('closed');
  });

  it('is none where there is none, and needs no document', () => {
    expect(openAudioContext({ createAudioContext: null, onPage: page.onPage }, end.signal)).toBe(
      null,
    );
    vi.unstubAllGlobals();
    expect(open()).toBe(context);
  });
});
