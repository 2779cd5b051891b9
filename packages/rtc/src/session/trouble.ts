import type { SessionContext } from './context.ts';

/** The media are gone: tells the proxy, whose clock stands meanwhile. @param agoMs milliseconds since they went */
export function beginTrouble(context: SessionContext, agoMs: number): void {
  const call = context.call?.id;
  if (context.trouble || !call) return;
  context.trouble = { call, since: context.ports.now() - agoMs };
  tellTrouble(context);
}

/** Tells it once more, since a connection that is made anew may not have brought it. */
export function tellTrouble({ trouble, joined, ports }: SessionContext): void {
  if (!trouble) return;
  const since = Math.max(0, Math.round(ports.now() - trouble.since));
  joined?.signaller.notify({ type: 'trouble', call_id: trouble.call, since });
}

/** Whoever can't be heard is not asked why they are silent. */
export function tellMuted({ call, joined, media }: SessionContext): void {
  if (call?.id) joined?.signaller.notify({ type: 'muted', call_id: call.id, muted: media.muted });
}

/** The same call speaks again; the proxy's clock runs on. */
export function endTrouble(context: SessionContext): void {
  if (!context.trouble) return;
  context.trouble = null;
  // Where it does not arrive, the proxy sees by what is said that the media are back.
  context.call?.begin().catch(() => undefined);
}
