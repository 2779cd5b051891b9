import { InterviewError, InterviewSession } from '@interview/rtc';
import type { AiInterviewRoom } from '@interview/room';
import '@interview/room';
import { Account, type Config } from './account.ts';
import { byId } from './document.ts';
import { forgetInvitation, takeInvitation } from './invitation.ts';
import { SignIn } from './sign-in.ts';
import type { About } from './steps.ts';

/** A candidate's page with an account: whoever is signed in goes on to the room, and the room knows them. */

void main();

async function main(): Promise<void> {
  const config = (await (await fetch('/config.json')).json()) as Config;
  const account = new Account(config);
  const invitation = takeInvitation();
  const enter = (): void => void openRoom(account, config, invitation);
  const door = new SignIn(account, enter);
  byId('sign-out', HTMLButtonElement).addEventListener('click', () => {
    // A page of its own again: nothing of the one who left stays in memory.
    void account.signOut().then(() => location.reload());
  });
  const [email, about] = await Promise.all([
    account.signedIn(),
    invitation === null ? null : lookAt(account, invitation),
  ]);
  byId('wait', HTMLElement).hidden = true;
  if (email === null && about !== 'no account needed') door.open(about);
  else enter();
}

/** Null where that could not be learned: the room will say why, once somebody is signed in. */
async function lookAt(
  { client }: Account,
  invitation: string,
): Promise<About | 'no account needed' | null> {
  const session = new InterviewSession({ supabase: client, invitation });
  try {
    const { account_required: needed, tenant, interview } = await session.look();
    return needed ? { company: tenant.name, title: interview.title } : 'no account needed';
  } catch (error) {
    const { code } = InterviewError.from(error);
    if (code === 'invitation_in_use') return 'begun elsewhere';
    // A link that opens nothing opens nothing to an account either: the room says why.
    return code.startsWith('invitation_') ? 'no account needed' : null;
  } finally {
    session.destroy();
  }
}

async function openRoom(
  account: Account,
  { startUrl, publishableKey }: Config,
  invitation: string | null,
): Promise<void> {
  const email = await account.signedIn();
  const room: AiInterviewRoom = document.createElement('ai-interview-room');
  room.startUrl = startUrl;
  room.supabaseKey = publishableKey;
  // The client sends the signed-in user along with each request.
  room.sessionFactory = (options) => new InterviewSession({ ...options, supabase: account.client });
  // Without one the room takes what this tab was sent before.
  if (invitation !== null) room.invitation = invitation;
  const signOut = byId('sign-out', HTMLButtonElement);
  room.addEventListener('interview-statechange', () => (signOut.disabled = room.talking));
  room.addEventListener('interview-completed', forgetInvitation);
  byId('email', HTMLElement).textContent = email;
  byId('who', HTMLElement).hidden = email === null;
  const place = byId('room', HTMLElement);
  place.replaceChildren(room);
  place.hidden = false;
}
