import { expect } from 'chai';
import { html } from 'lit';
import { defineInterviewRoom } from './room/define.ts';
import type { AiInterviewRoom } from './room/room.ts';
import { clearPage, place } from './testing/page.ts';

defineInterviewRoom();

/** Relative luminance (WCAG 2.2) of whatever colour CSS gives. */
function luminance(color: string): number {
  const context = new OffscreenCanvas(1, 1).getContext('2d');
  if (context === null) throw new Error('No canvas.');
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [r = 0, g = 0, b = 0] = [...context.getImageData(0, 0, 1, 1).data].map((byte) => {
    const value = byte / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** The colours that a room with this accent uses. */
async function colors(theme: string, accent: string): Promise<Record<string, string>> {
  const room = place<AiInterviewRoom>(html`<ai-interview-room theme=${theme}></ai-interview-room>`);
  if (accent !== '') room.style.setProperty('--ai-interview-accent', accent);
  await room.updateComplete;
  const probe = document.createElement('i');
  room.renderRoot.append(probe);
  const read = (name: string): string => {
    probe.style.setProperty('color', `var(--_${name})`);
    return getComputedStyle(probe).color;
  };
  const names = ['surface', 'sunken', 'text', 'muted', 'danger', 'accent-fill', 'on-fill'];
  return Object.fromEntries(
    [...names, 'accent-ink', 'accent-soft', 'warn-soft', 'ok'].map((name) => [name, read(name)]),
  );
}

const accents = [
  '',
  '#0b57d0',
  '#d93025',
  '#188038',
  '#f9ab00',
  '#ff6d01',
  '#9334e6',
  '#00acc1',
  '#111111',
  '#777777',
  '#ffee58',
];

describe('colours', () => {
  afterEach(clearPage);

  for (const theme of ['light', 'dark']) {
    for (const accent of accents) {
      it(`reach their contrast in ${theme} with the accent ${accent || 'of our own'}`, async () => {
        const c = await colors(theme, accent);
        const least = (one: string, other: string, ratio: number): void => {
          expect(contrast(c[one] ?? '', c[other] ?? ''), `${one} on ${other}`).to.be.at.least(
            ratio,
          );
        };
        for (const text of ['text', 'muted', 'accent-ink', 'danger']) {
          least(text, 'surface', 4.5);
          if (text !== 'danger') least(text, 'sunken', 4.5);
        }
        least('on-fill', 'accent-fill', 4.5);
        least('text', 'accent-soft', 4.5);
        least('text', 'warn-soft', 4.5);
        least('accent-fill', 'surface', 3);
        least('ok', 'surface', 3);
      });
    }
  }
});
