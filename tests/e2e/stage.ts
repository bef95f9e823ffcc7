import { cpSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { type InUse, type InUseOptions, tokenInUse } from './in-use.ts';
import { ownBuild } from './own-build.ts';
import { Bank } from './pages/bank.ts';
import type { Screen } from './pages/screen.ts';
import { Token } from './pages/token.ts';
import type { E2eBuild } from './setup.ts';
import { type System, type SystemOptions, startSystem } from './system.ts';
import { type BrowserKind, launch, newProfile, picture, type TestBrowser } from './test-browser.ts';

/** What a story plays on: the institution's half, a browser with the extension, a bank tab and the token's page. */
export interface Stage {
  readonly system: System;
  readonly browser: TestBrowser;
  readonly bank: Bank;
  readonly token: Token;
  /** A picture named after the browser and the moment. */
  shot(screen: Screen, name: string): Promise<void>;
}

type Fresh = 'for each test' | 'once';

const ownOutput = ({ output }: E2eBuild) => output;

/**
 * Sets a stage for the tests around it, fresh for each or one for all.
 * @param extension gives the folder of the extension, where it is not the worker's own
 * @returns what is on stage; to be read inside the tests
 */
export function useStage(
  kind: BrowserKind,
  fresh: Fresh,
  options?: SystemOptions,
  extension = ownOutput,
): () => Stage {
  return setAround(fresh, async (undo) => {
    const build = ownBuild();
    return setStage(kind, build, { options, output: extension(build) }, undo);
  });
}

/**
 * The same with {@link TARO}'s token in use, as if a minute ago: not logged in, and no code of this step was filled.
 * For stories whose point is not how it came there.
 */
export function useStageInUse(
  kind: BrowserKind,
  fresh: Fresh,
  options?: InUseOptions,
  extension = ownOutput,
): () => Stage {
  return setAround(fresh, async (undo) => {
    const build = ownBuild();
    const from = await tokenInUse(kind, build, options);
    return setStage(kind, build, { options, output: extension(build), from }, undo);
  });
}

/** What undoes each thing that was set up so far. */
type Undo = (() => Promise<void>)[];

function setAround(fresh: Fresh, set: (undo: Undo) => Promise<Stage>): () => Stage {
  let stage: Stage | undefined;
  /** To be undone even where the rest fails. */
  let undo: Undo = [];
  const [before, after] = fresh === 'once' ? [beforeAll, afterAll] : [beforeEach, afterEach];

  before(async () => {
    stage = await set(undo);
  });
  after(async () => {
    stage = undefined;
    const steps = undo.reverse();
    undo = [];
    for (const step of steps) await step();
  });

  return () => {
    if (stage === undefined) throw new Error('the stage is set only inside tests');
    return stage;
  };
}

interface Setting {
  readonly options: SystemOptions | undefined;
  readonly output: string;
  /** What servers and browser start from, where that is not nothing. */
  readonly from?: InUse;
}

async function setStage(
  kind: BrowserKind,
  build: E2eBuild,
  { options, output, from }: Setting,
  undo: Undo,
): Promise<Stage> {
  const profile = newProfile();
  if (from) cpSync(from.profile, profile, { recursive: true });
  const starting = startSystem(from ? { ...build, freshData: from.data } : build, options).then((system) => {
    undo.push(system.stop);
    return system;
  });
  const launching = launch(kind, output, { profile }).then((browser) => {
    undo.push(browser.close);
    return browser;
  });
  // Whichever fails, what came of the other is known by then, and undone.
  await Promise.allSettled([starting, launching]);
  const [system, browser] = await Promise.all([starting, launching]);
  const bank = new Bank(await browser.newPage(), system.bankUrl);
  const token = new Token(await browser.openTokenPage());
  await bank.page.bringToFront();
  return { system, browser, bank, token, shot: ({ page }, name) => picture(page, `${kind}-${name}`) };
}
