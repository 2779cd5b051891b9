import type { Locator, Page } from 'playwright-core';
import { inject } from 'vitest';

/** A candidate at the element's page, who sees what is on screen and presses what a person presses. */
export class Candidate {
  readonly page: Page;
  readonly room: Locator;

  constructor(page: Page) {
    this.page = page;
    this.room = page.locator('ai-interview-room');
  }

  /** Opens the invitation's link. */
  async open(token: string): Promise<void> {
    await this.page.goto(`${inject('stack').pagesUrl}/script-tag/#interview=${token}`);
  }

  /** Agrees to what is required, and lets the microphone be checked. */
  async agreeAndCheck(): Promise<void> {
    await this.room.getByRole('checkbox', { name: /An AI will interview me/ }).check();
    await this.button('Check my microphone').click();
  }

  /** From the open link to the talk. */
  async enter(): Promise<void> {
    await this.agreeAndCheck();
    await this.begin();
  }

  /** Goes on with an interview that was begun; what was agreed to stands. */
  async goOn(): Promise<void> {
    await this.heading('Welcome back').waitFor();
    await this.button('Check my microphone').click();
    await this.begin();
  }

  /** From the microphone's check to the interviewer's first word. */
  async begin(): Promise<void> {
    await this.room.getByText('We hear you.').waitFor();
    await this.speak(false);
    await this.button(/Start the interview|Go on with the interview/).click();
    await this.turn('Interviewer is speaking').waitFor({ timeout: 20_000 });
  }

  /**
   * Answers whenever it is the candidate's turn, until `enough` is on screen.
   *
   * @param ms Length of an answer, milliseconds.
   * @param saysDone Presses the button at its end, rather than let the silence tell.
   */
  async answerUntil(enough: Locator, ms = 1800, saysDone = false): Promise<void> {
    const asked = this.turn('Listening to you');
    for (;;) {
      await asked.or(enough).first().waitFor({ timeout: 45_000 });
      if (await enough.isVisible()) return;
      await this.answer(ms);
      if (saysDone) await this.button(/^I’m done/).click();
      await this.turn('Interviewer is speaking').or(enough).first().waitFor({ timeout: 30_000 });
    }
  }

  /** Speaks for `ms` milliseconds, then is silent. */
  async answer(ms = 1800): Promise<void> {
    await this.speak(true);
    await this.turn('You are speaking').waitFor({ timeout: 10_000 });
    await this.page.waitForTimeout(ms);
    await this.speak(false);
  }

  async speak(on: boolean): Promise<void> {
    await this.page.evaluate((open) => window.watchedMedia.speak(open), on);
  }

  heading(name: string | RegExp): Locator {
    return this.room.getByRole('heading', { name });
  }

  button(name: string | RegExp): Locator {
    return this.room.getByRole('button', { name });
  }

  turn(words: string): Locator {
    return this.room.locator('[part=turn]').getByText(words, { exact: true });
  }

  /** Energy of the sound that came from the interviewer, summed over all connections of the page. */
  heardEnergy(): Promise<number> {
    return this.page.evaluate(async () => {
      let energy = 0;
      for (const peer of window.watchedMedia.peers) {
        for (const stat of (await peer.getStats()).values()) {
          const { type, totalAudioEnergy } = stat as { type: string; totalAudioEnergy?: number };
          if (type === 'inbound-rtp') energy += totalAudioEnergy ?? 0;
        }
      }
      return energy;
    });
  }

  /** State of every microphone track that the page ever had. */
  microphones(): Promise<string[]> {
    return this.page.evaluate(() => window.watchedMedia.tracks.map((track) => track.readyState));
  }
}
