import { createApp } from 'vue';
import { App, type Config } from './app.ts';
import { takeInvitation } from './invitation.ts';

/** A whole interview page in Vue: look, consent, microphone, talk, transcript, end. */

const config = (await (await fetch('/config.json')).json()) as Config;
createApp(App, { config, invitation: takeInvitation() }).mount('#root');
