import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import type { FillReport } from '../../core/messages/fill.ts';
import {
  type ContentScripts,
  contentScripts,
  fillOnRequest,
  forgetFilledSteps,
} from './fixtures/content-script.ts';
import { FixtureSite, fixture, type Resource } from './fixtures/site.ts';
import { putIntoUse } from './flows/issue.ts';
import { TARO } from './pages/bank.ts';
import { PATIENCE_MS } from './patience.ts';
import type { E2eBuild } from './setup.ts';
import { type Stage, useStage } from './stage.ts';
import type { SystemOptions } from './system.ts';
import type { BrowserKind } from './test-browser.ts';

export interface FillStageOptions {
  /** Builds another extension than the worker's own. @returns its folder */
  readonly extension?: (build: E2eBuild) => string;
  /** Of whose institution it is about. */
  readonly system?: SystemOptions;
  /** Puts tokens into use; one of ANSER's, in whose customer's session the browser is, where it is not said. */
  readonly tokens?: (stage: Stage) => Promise<unknown>;
  /** What is done once the token is in use, before its bank's tab is closed. */
  readonly first?: (stage: Stage) => Promise<void>;
}

/**
 * Sets a stage for pages of our own making at the bank's real origin: which are filled, and which must stay empty. The
 * token is in use, and the only tab of a bank's is that of the pages.
 * @returns what is done on it; to be called inside the tests
 */
export function useFillStage(kind: BrowserKind, options: FillStageOptions = {}) {
  const {
    extension,
    first,
    system = { confirmation: 'code' },
    tokens = (stage) => putIntoUse(stage, TARO),
  } = options;
  const onStage = useStage(kind, { ...system, network: true, extension });
  let tab: { site: FixtureSite; scripts: ContentScripts } | undefined;
  const errors: string[] = [];

  beforeAll(async () => {
    const { bank, browser, token } = onStage();
    await tokens(onStage());
    await first?.(onStage());
    await bank.page.close();
    const page = await browser.newPage();
    page.on('pageerror', (error) => errors.push(String(error)));
    tab = { site: await FixtureSite.in(page), scripts: await contentScripts(browser, token.page) };
    await page.bringToFront();
  });
  afterAll(() => {
    tab = undefined;
  });
  beforeEach(() => forgetSteps());

  const onTab = () => {
    if (tab === undefined) throw new Error('the stage is set only inside tests');
    return tab;
  };
  const tokenPage = () => onStage().token.page;

  /** As if a minute had gone by since anything was filled. */
  const forgetSteps = () => forgetFilledSteps(tokenPage());

  /** An address of the bank's. */
  const url = () => `${onStage().system.bankUrl}/ib/index.do?PT=BS&CCT0080=9904`;

  /** What the token made of the page, once it has made up its mind. */
  async function outcome(): Promise<FillReport> {
    const [report] = await onTab().scripts.settled(1);
    if (report === undefined) throw new Error('no content script');
    return report;
  }

  /** Opens a page and waits for the outcome. @param at an address of another bank */
  async function open(resource: Resource, at = url()): Promise<FillReport> {
    await onTab().site.show(at, resource);
    return outcome();
  }

  return {
    onStage,
    url,
    outcome,
    open,
    forgetSteps,
    site: () => onTab().site,
    scripts: () => onTab().scripts,
    /** Opens a fixture page at the bank's address and waits for the outcome. */
    show: (...of: Parameters<typeof fixture>) => open(fixture(...of)),
    /** Values that the page did not come with, in all its frames. */
    filledIn: () => onTab().site.filledIn(),
    /** The code, wherever it stands: in one field, or a digit a box. */
    filledCode: async () => [(await onTab().site.filledIn()).join('')],
    /** Has the token fill only when it is asked, or by itself again. */
    fillOnRequest: (on: boolean) => fillOnRequest(tokenPage(), on),
    /** Errors on the pages. */
    errors: (): readonly string[] => errors,
  };
}

/** What {@link useFillStage} finds filled where that is a code and nothing else. */
export const THE_CODE = [expect.stringMatching(/^[0-9]{8}$/)];

export async function until(condition: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error('it did not happen');
  }
}
