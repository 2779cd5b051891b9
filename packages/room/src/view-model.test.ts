import { interviewErrorCodes, type InterviewErrorCode } from '@interview/rtc';
import { describe, expect, it } from 'vitest';
import { en } from './translations/en.ts';
import {
  clockText,
  safeImage,
  needsHelp,
  safeLink,
  savingOf,
  screenOf,
  type RoomFacts,
  type Screen,
} from './view-model.ts';

const ready: RoomFacts = {
  missing: null,
  state: 'idle',
  looked: true,
  wanted: 'welcome',
  error: null,
  started: false,
  soundBlocked: false,
  ended: null,
  parts: 'there',
};

const screen = (facts: Partial<RoomFacts>): Screen => screenOf({ ...ready, ...facts });

describe('screenOf', () => {
  it('lets nobody into a talk before its screens are there', () => {
    const late: Partial<RoomFacts>[] = [
      { state: 'ready', wanted: 'check' },
      { state: 'live' },
      { state: 'reconnecting' },
      { state: 'completed' },
    ];
    for (const facts of late) {
      expect(screen({ ...facts, parts: 'coming' })).toEqual({ name: 'loading' });
      expect(screen({ ...facts, parts: 'failed' })).toEqual({
        name: 'trouble',
        code: 'start_unreachable',
        remedy: 'fetch',
      });
    }
    expect(screen({ parts: 'coming' })).toEqual({ name: 'welcome', asked: false });
    expect(screen({ state: 'preparing', parts: 'failed' })).toEqual({
      name: 'check',
      asking: true,
    });
  });

  it('says what the page has not told yet, before anything else', () => {
    expect(screen({ missing: 'start-url', state: 'live' })).toEqual({
      name: 'setup',
      missing: 'start-url',
    });
  });

  it('waits for the first reply', () => {
    expect(screen({ looked: false })).toEqual({ name: 'loading' });
  });

  it.each<[Partial<RoomFacts>, Screen]>([
    [{}, { name: 'welcome', asked: false }],
    [{ state: 'ready' }, { name: 'welcome', asked: false }],
    [{ wanted: 'check' }, { name: 'check', asking: true }],
    [
      { wanted: 'check', state: 'preparing' },
      { name: 'check', asking: true },
    ],
    [
      { wanted: 'check', state: 'ready' },
      { name: 'check', asking: false },
    ],
    [{ state: 'connecting' }, { name: 'connecting' }],
    [
      { state: 'connecting', soundBlocked: true },
      { name: 'live', cover: 'sound' },
    ],
    [{ state: 'live' }, { name: 'live', cover: null }],
    [{ state: 'paused' }, { name: 'live', cover: null }],
    [
      { state: 'live', soundBlocked: true },
      { name: 'live', cover: 'sound' },
    ],
    [{ state: 'reconnecting' }, { name: 'live', cover: 'reconnecting' }],
    [
      { state: 'reconnecting', soundBlocked: true },
      { name: 'live', cover: 'sound' },
    ],
    [{ state: 'ending' }, { name: 'saving' }],
    [
      { state: 'completed', ended: 'completed' },
      { name: 'done', reason: 'completed' },
    ],
    [
      { state: 'completed', ended: 'candidate_ended' },
      { name: 'done', reason: 'candidate_ended' },
    ],
    [{ state: 'failed' }, { name: 'trouble', code: 'internal', remedy: 'prepare' }],
  ])('shows one screen for %j', (facts, expected) => {
    expect(screen(facts)).toEqual(expected);
  });

  it('keeps the talk on screen when something is only told', () => {
    expect(screen({ state: 'live', error: 'delivery_failed' }).name).toBe('live');
  });

  it.each<[Partial<RoomFacts>, InterviewErrorCode, string | null]>([
    [{ looked: false }, 'start_unreachable', 'look'],
    [{ state: 'idle', wanted: 'check' }, 'microphone_denied', 'prepare'],
    [{ state: 'failed', started: true }, 'connection_lost', 'start'],
    [{ state: 'failed', started: true }, 'delivery_failed', 'end'],
    [{ state: 'failed', started: true }, 'microphone_missing', 'prepare'],
    [{ state: 'failed', started: true }, 'taken_over', 'start'],
    [{ looked: false }, 'taken_over', null],
    [{ looked: false }, 'invitation_expired', null],
  ])('offers what helps: %j, %s: %s', (facts, code, remedy) => {
    expect(screen({ ...facts, error: code })).toEqual({ name: 'trouble', code, remedy });
  });

  it('leads back to the choices when an agreement is missing', () => {
    expect(screen({ state: 'failed', started: true, error: 'consent_required' })).toEqual({
      name: 'welcome',
      asked: true,
    });
  });
});

describe('needsHelp', () => {
  it('asks for the remedies first where something went wrong', () => {
    expect(needsHelp({ name: 'trouble', code: 'insecure_context', remedy: null })).toBe(true);
    expect(needsHelp({ name: 'setup', missing: 'invitation' })).toBe(true);
    expect(needsHelp({ name: 'setup', missing: 'start-url' })).toBe(false);
    expect(needsHelp({ name: 'loading' })).toBe(false);
  });
});

describe('words of trouble', () => {
  it.each(interviewErrorCodes)('%s has a cause and a remedy, without jargon or alarm', (code) => {
    const { title, text } = en.trouble[code];
    expect(title).not.toBe('');
    expect(text.length).toBeGreaterThan(20);
    expect(`${title} ${text}`).not.toMatch(/!|oops|sorry|webrtc|token|session|socket|server/i);
  });
});

describe('savingOf', () => {
  it('tells saved, on the way, and kept here apart', () => {
    expect(savingOf(0, false)).toBe('saved');
    expect(savingOf(2, true)).toBe('saving');
    expect(savingOf(2, false)).toBe('here');
  });
});

describe('clockText', () => {
  it.each([
    [702, '11:42'],
    [59.6, '1:00'],
    [5, '0:05'],
    [-3, '0:00'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(clockText(seconds)).toBe(text);
  });
});

describe('safeLink', () => {
  it('lets web addresses through and nothing else', () => {
    expect(safeLink('https://northwind.test/privacy')).toBe('https://northwind.test/privacy');
    for (const address of ['javascript:alert(1)', 'data:text/html,x', 'no address', '', undefined])
      expect(safeLink(address)).toBeNull();
  });
});

describe('safeImage', () => {
  it('lets images through that fetch nothing', () => {
    expect(safeImage('data:image/png;base64,AA==')).not.toBeNull();
    for (const source of ['https://tracker.test/x.png', 'data:text/html,x', undefined])
      expect(safeImage(source)).toBeNull();
  });
});
