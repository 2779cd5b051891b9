import { defineComponent, h, shallowRef } from 'vue';
import { ComeBack } from './come-back.ts';
import { Room } from './room.ts';

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
export const App = defineComponent(
  ({ config, invitation: given }: AppProps) => {
    const invitation = shallowRef(given);
    const { startUrl, publishableKey: supabaseKey } = config;
    return () => {
      const { value } = invitation;
      if (value === null) {
        return h(ComeBack, { onChosen: (chosen: string) => (invitation.value = chosen) });
      }
      return h(Room, { key: value, options: { startUrl, supabaseKey, invitation: value } });
    };
  },
  { name: 'App', props: ['config', 'invitation'] },
);
