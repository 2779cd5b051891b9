import { html, type TemplateResult } from 'lit';

const shapes = {
  write: 'M4 7V5h16v2M12 5v14M9 19h6',
  menu: 'M4 7h9M19 7h1M4 12h2M12 12h8M4 17h9M19 17h1M18 7a2 2 0 1 1-4 0 2 2 0 0 1 4 0ZM11 12a2 2 0 1 1-4 0 2 2 0 0 1 4 0ZM18 17a2 2 0 1 1-4 0 2 2 0 0 1 4 0Z',
  send: 'M12 19V5M6 11l6-6 6 6',
  repeat: 'M4 11V9a3 3 0 0 1 3-3h12M16 3l3 3-3 3M20 13v2a3 3 0 0 1-3 3H5M8 15l-3 3 3 3',
  skip: 'M6 6l7 6-7 6ZM18 6v12',
  pause: 'M9 6v12M15 6v12',
};

/** A drawing beside words; never the only name of a control. */
export function talkIcon(name: keyof typeof shapes): TemplateResult {
  return html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d=${shapes[name]}></path></svg>`;
}
