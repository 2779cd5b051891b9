import type { EndReason, InterviewErrorCode, InterviewState } from '@interview/rtc';

/** Everything that decides which screen is shown. */
export interface RoomFacts {
  /** What the page has not told the element yet. */
  readonly missing: 'start-url' | 'invitation' | null;
  readonly state: InterviewState;
  /** The reply to `look` is there. */
  readonly looked: boolean;
  /** The screen that the candidate asked for while nothing is connected. */
  readonly wanted: 'welcome' | 'check';
  readonly error: InterviewErrorCode | null;
  /** `start` was called in this page, so a retry goes all the way. */
  readonly started: boolean;
  /** The browser waits for a gesture before it plays sound. */
  readonly soundBlocked: boolean;
  readonly ended: EndReason | null;
  /** What the later screens are made of. */
  readonly parts: 'coming' | 'there' | 'failed';
}

/** What the one button of a trouble screen does. */
export type Remedy = 'look' | 'fetch' | 'prepare' | 'start' | 'end' | null;

/** What covers the stage of the live room. */
export type Cover = 'reconnecting' | 'sound' | null;

/** One screen at a time. */
export type Screen =
  | { readonly name: 'loading' }
  | { readonly name: 'setup'; readonly missing: 'start-url' | 'invitation' }
  /** `asked`: the server still misses an agreement, so the hint is shown at once. */
  | { readonly name: 'welcome'; readonly asked: boolean }
  /** `asking`: the browser shows its own question about the microphone. */
  | { readonly name: 'check'; readonly asking: boolean }
  | { readonly name: 'connecting' }
  | { readonly name: 'live'; readonly cover: Cover }
  | { readonly name: 'saving' }
  | { readonly name: 'done'; readonly reason: EndReason }
  | { readonly name: 'trouble'; readonly code: InterviewErrorCode; readonly remedy: Remedy };

export type ScreenName = Screen['name'];

/** Nothing that the candidate does on this page helps. */
const final: readonly InterviewErrorCode[] = [
  'insecure_context',
  'in_app_browser',
  'unsupported_browser',
  'invitation_invalid',
  'invitation_expired',
  'invitation_revoked',
  'invitation_completed',
  'invitation_in_use',
  'account_required',
  'session_ended',
  'delivery_expired',
];

function remedyFor(code: InterviewErrorCode, facts: RoomFacts): Remedy {
  if (final.includes(code)) return null;
  if (code === 'taken_over') return facts.started ? 'start' : null;
  if (!facts.looked) return 'look';
  if (code === 'delivery_failed') return 'end';
  if (code.startsWith('microphone_')) return 'prepare';
  return facts.started ? 'start' : 'prepare';
}

function trouble(code: InterviewErrorCode, facts: RoomFacts): Screen {
  if (code === 'consent_required' && facts.looked) return { name: 'welcome', asked: true };
  return { name: 'trouble', code, remedy: remedyFor(code, facts) };
}

function beforeTheCall(facts: RoomFacts): Screen {
  if (facts.error !== null) return trouble(facts.error, facts);
  if (!facts.looked) return { name: 'loading' };
  return facts.wanted === 'check'
    ? { name: 'check', asking: facts.state !== 'ready' }
    : { name: 'welcome', asked: false };
}

/** The screen for these facts. Pure. */
export function screenOf(facts: RoomFacts): Screen {
  const screen = wantedScreen(facts);
  if (facts.parts === 'there' || !isLate(screen)) return screen;
  if (facts.parts === 'coming') return { name: 'loading' };
  return { name: 'trouble', code: 'start_unreachable', remedy: 'fetch' };
}

/** What helps is not in the script-tag file, and is wanted before anything else of what comes late. */
export function needsHelp(screen: Screen): boolean {
  return screen.name === 'trouble' || (screen.name === 'setup' && screen.missing === 'invitation');
}

/** Nobody begins a talk before all of its screens are there. */
function isLate(screen: Screen): boolean {
  return screen.name === 'check' ? !screen.asking : ['live', 'done'].includes(screen.name);
}

function wantedScreen(facts: RoomFacts): Screen {
  if (facts.missing !== null) return { name: 'setup', missing: facts.missing };
  switch (facts.state) {
    case 'idle':
    case 'ready':
      return beforeTheCall(facts);
    case 'preparing':
      return { name: 'check', asking: true };
    case 'connecting':
      // The first word waits for the tap.
      return facts.soundBlocked ? { name: 'live', cover: 'sound' } : { name: 'connecting' };
    case 'live':
    case 'paused':
      return { name: 'live', cover: facts.soundBlocked ? 'sound' : null };
    case 'reconnecting':
      return { name: 'live', cover: facts.soundBlocked ? 'sound' : 'reconnecting' };
    case 'ending':
      return { name: 'saving' };
    case 'completed':
      return { name: 'done', reason: facts.ended ?? 'completed' };
    case 'failed':
      return trouble(facts.error ?? 'internal', facts);
  }
}

/** What the bar says about saving. */
export type Saving = 'saved' | 'saving' | 'here';

/** `here`: it waits on this device until the connection is back. */
export function savingOf(pending: number, online: boolean): Saving {
  if (pending === 0) return 'saved';
  return online ? 'saving' : 'here';
}

/** Seconds as `m:ss`, never below zero. */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** The address when it may stand behind a link, else null: `javascript:` and the like never do. */
export function safeLink(address: string | undefined): string | null {
  return address !== undefined && /^https?:\/\//i.test(address) ? address : null;
}

/** The image when it carries its own data, else null: nothing is fetched on behalf of a tenant. */
export function safeImage(source: string | undefined): string | null {
  const own = /^data:image\/(png|jpeg|webp|gif|svg\+xml)[;,]/;
  return source !== undefined && own.test(source) ? source : null;
}
