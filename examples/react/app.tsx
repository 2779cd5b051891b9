import type { InterviewSessionOptions } from '@interview/rtc';
import { useMemo, useState, type ReactNode } from 'react';
import { ComeBack } from './come-back.tsx';
import { Room } from './room.tsx';

/** What the page is told of its surroundings. */
export interface Config {
  startUrl: string;
  publishableKey: string;
}

interface AppProps {
  config: Config;
  /** From the candidate's link; null where it held none. */
  invitation: string | null;
}

/** The candidate's page: the room, or the way to it. */
export function App({ config, invitation: given }: AppProps): ReactNode {
  const [invitation, setInvitation] = useState(given);
  const options = useMemo<InterviewSessionOptions | null>(() => {
    const { startUrl, publishableKey: supabaseKey } = config;
    return invitation === null ? null : { startUrl, supabaseKey, invitation };
  }, [config, invitation]);
  if (options === null) return <ComeBack onChosen={setInvitation} />;
  return <Room key={invitation} options={options} />;
}
