import { afterAll, beforeAll } from 'vitest';
import { ownBuild } from './own-build.ts';
import { Bank } from './pages/bank.ts';
import type { Screen } from './pages/screen.ts';
import { Token } from './pages/token.ts';
import type { E2eBuild } from './setup.ts';
import { type System, type SystemOptions, startSystem } from './system.ts';
import { type BrowserKind, type LaunchOptions, launch, picture, type TestBrowser } from './test-browser.ts';

/** What a story plays on: the institution's half, a browser with the extension, a bank tab and the token's page. */
export interface Stage {
  readonly system: System;
  readonly browser: TestBrowser;
  readonly bank: Bank;
  readonly token: Token;
  /** A picture named after the browser and the moment. */
  shot(screen: Screen, name: string): Promise<void>;
}

export interface StageOptions extends SystemOptions, Pick<LaunchOptions, 'network'> {
  /** Gives the folder of the extension, where it is not the worker's own. */
  readonly extension?: ((build: E2eBuild) => string) | undefined;
}

/**
 * Sets one stage for all the tests around it: to set one takes longer than most stories.
 * @returns what is on stage; to be read inside the tests
 */
export function useStage(
  kind: BrowserKind,
  { extension = ({ output }) => output, network = false, ...options }: StageOptions = {},
): () => Stage {
  let stage: Stage | undefined;
  /** What was set up so far, to be undone even where the rest fails. */
  const undo: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    const build = ownBuild();
    const output = extension(build);
    const starting = startSystem(build, options).then((system) => {
      undo.push(system.stop);
      return system;
    });
    const launching = launch(kind, output, { network }).then((browser) => {
      undo.push(browser.close);
      return browser;
    });
    // Whichever fails, what came of the other is known by then, and undone.
    await Promise.allSettled([starting, launching]);
    const [system, browser] = await Promise.all([starting, launching]);
    const bank = new Bank(await browser.newPage(), system.bankUrl);
    const token = new Token(await browser.openTokenPage());
    await bank.page.bringToFront();
    stage = { system, browser, bank, token, shot: ({ page }, name) => picture(page, `${kind}-${name}`) };
  });
  afterAll(async () => {
    stage = undefined;
    for (const step of undo.reverse()) await step();
  });

  return () => {
    if (stage === undefined) throw new Error('the stage is set only inside tests');
    return stage;
  };
}
