import type { TemplateResult } from 'lit';
import type { Screen } from '../view-model.ts';
import { check, failure, saving, trouble, waiting } from './cards.ts';
import type { RoomScene } from './scene.ts';
import { welcome } from './welcome.ts';

/** The one screen. */
export function screenTemplate(screen: Screen, scene: RoomScene): TemplateResult {
  const { words, control, late } = scene;
  switch (screen.name) {
    case 'setup':
      return failure(screen.missing === 'invitation' ? words.noInvitation : words.notConfigured);
    case 'welcome':
      if (control.about) return welcome(control.about, screen.asked, scene);
      break;
    case 'check':
      return screen.asking ? waiting(words.asking) : check(scene);
    case 'connecting':
      return waiting(words.connecting);
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
      if (part) return part.done(screen.complete, scene);
      break;
    }
    case 'trouble':
      return trouble(screen, scene);
  }
  return waiting({ title: words.loading, text: '' });
}
