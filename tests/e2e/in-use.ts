import { cpSync, existsSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { codesOf } from '../attack/extension-page.ts';
import { forgetFilledSteps } from './fixtures/content-script.ts';
import { issueToken } from './flows/issue.ts';
import { inOneStep } from './flows/one-step.ts';
import { Bank, TARO } from './pages/bank.ts';
import { Token } from './pages/token.ts';
import type { E2eBuild } from './setup.ts';
import { type System, type SystemOptions, startSystem } from './system.ts';
import { type BrowserKind, launch, type TestBrowser } from './test-browser.ts';

/** Folders to be copied, of servers and browser that ended while a token was in use. */
export interface InUse {
  readonly data: string;
  readonly profile: string;
}

/** What a token keeps of its 初期設定. */
export type InUseOptions = Pick<SystemOptions, 'confirmation'>;

/**
 * The token of {@link TARO} in use, as if a minute ago. It is walked on the pages once for each build, browser and way of
 * confirming; whoever wants it has a copy.
 */
export async function tokenInUse(
  kind: BrowserKind,
  build: E2eBuild,
  options: InUseOptions = {},
): Promise<InUse> {
  const folder = join(dirname(build.freshData), `in-use-${kind}-${options.confirmation ?? 'as-it-is'}`);
  if (!existsSync(folder)) await make(kind, build, options, folder);
  return { data: join(folder, 'data'), profile: join(folder, 'profile') };
}

async function make(
  kind: BrowserKind,
  build: E2eBuild,
  options: InUseOptions,
  folder: string,
): Promise<void> {
  const system = await startSystem(build, options);
  try {
    const browser = await launch(kind, build.output);
    try {
      await putIntoUse(system, browser);
      await browser.end();
      await system.end();
      const unfinished = `${folder}-unfinished`;
      cpSync(system.data, join(unfinished, 'data'), { recursive: true });
      cpSync(browser.profile, join(unfinished, 'profile'), { recursive: true });
      renameSync(unfinished, folder);
    } finally {
      await browser.close();
    }
  } finally {
    await system.stop();
  }
}

/** 利用開始 with the code of the step before, so that this one's is left to whoever goes on. */
async function putIntoUse(system: System, browser: TestBrowser): Promise<void> {
  const bank = new Bank(await browser.newPage(), system.bankUrl);
  const token = new Token(await browser.openTokenPage());
  await bank.page.bringToFront();
  await bank.login(TARO);
  const issued = await issueToken(bank, system, TARO);
  await token.page.bringToFront();
  await token.enrol(issued);
  await bank.page.bringToFront();
  await bank.openActivation();
  await bank.filledCode();
  await inOneStep();
  const now = Math.floor(Date.now() / STEP_MS);
  const [before = ''] = await codesOf(token.page, now - 1, now - 1);
  await bank.typeCode(before);
  await bank.activate();
  await bank.logout();
  await forgetFilledSteps(token.page);
}

const STEP_MS = 60_000;
