import type { TemplateResult } from 'lit';
import type { Screen } from '../view-model.ts';
import { failure, saving, trouble, waiting } from './cards.ts';
import type { RoomScene } from './scene.ts';
import { welcome } from './welcome.ts';

/** Nobody followed a link here; what this browser remembers is offered. */
function noInvitation(scene: RoomScene): TemplateResult {
  const help = scene.late.part('help');
  return (help && scene.late.kept(help.unfinished)(scene)) ?? failure(scene.words.noInvitation);
}

/** The one screen. */
export function screenTemplate(screen: Screen, scene: RoomScene): TemplateResult {
  const { words, control, late } = scene;
  const ready = late.part('check');
  switch (screen.name) {
    case 'setup':
      return screen.missing === 'invitation' ? noInvitation(scene) : failure(words.notConfigured);
    case 'welcome':
      if (control.about) return welcome(control.about, screen.asked, scene);
      break;
    case 'check':
      if (screen.asking) return waiting(words.asking);
      if (ready) return late.kept(ready.check)(scene);
      break;
    case 'connecting':
      return ready ? late.kept(ready.connecting)(scene) : waiting(words.connecting);
    case 'live': {
      const { session } = control;
      const part = late.part('live');
      if (part && session) return late.kept(part.live)({ ...scene, ...screen, session });
      break;
    }
    case 'saving':
      return saving(scene);
    case 'done': {
      const part = late.part('after');
      if (part) return late.kept(part.done)(screen.reason, scene);
      break;
    }
    case 'trouble':
      return trouble(screen, scene);
  }
  return waiting({ title: words.loading, text: '' });
}
