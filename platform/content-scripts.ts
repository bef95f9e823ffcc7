import type { Scripting } from 'webextension-polyfill';
import type { Sender } from '../core/autofill/asking.ts';
import { native } from './native.ts';

/** The manifest's entry of a content script, with the pages that have it. */
interface PageScript {
  readonly matches: readonly string[];
  readonly files: string[];
  readonly allFrames: boolean;
}

const pageScripts = (): PageScript[] =>
  (native.runtime.getManifest().content_scripts ?? []).map(({ matches, js = [], all_frames }) => ({
    matches,
    files: js,
    allFrames: all_frames === true,
  }));

/** The hosts of the institutions' pages, as match patterns. */
export const pagePatterns = (): string[] => pageScripts().flatMap(({ matches }) => matches);

/** Whether an address is at one of some hosts, by default those of the institutions. Patterns name no port. */
export function isPage(url: string, patterns: readonly string[] = pagePatterns()): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return patterns.includes(`${protocol}//${hostname}/*`);
}

/**
 * Injects the content script into a page that was open before the extension. It does nothing if the script is there already.
 * @returns false if the browser refuses
 */
export async function injectInto(tabId: number, url: string): Promise<boolean> {
  const script = pageScripts().find(({ matches }) => isPage(url, matches));
  return script !== undefined && inject(tabId, script);
}

/** The script that reads and fills pages, which the watcher asks for; as the build names it. */
const READER = 'content-scripts/otp.js';

/** Injects the reader into one frame. It does nothing there without a watcher that asked for it. Never rejects. */
export async function injectReader({ tabId, frameId }: Pick<Sender, 'tabId' | 'frameId'>): Promise<void> {
  if (tabId === undefined || frameId === undefined) return;
  await execute({ target: { tabId, frameIds: [frameId] }, files: [READER], injectImmediately: true });
}

/** Origin of a tab's document, as the browser says now; undefined if the tab shows another by now, or lets no script in. */
export async function originShown({
  tabId,
  documentId,
}: Pick<Sender, 'tabId' | 'documentId'>): Promise<string | undefined> {
  if (tabId === undefined || documentId === undefined) return undefined;
  try {
    const [[answer], shown] = await Promise.all([
      native.scripting.executeScript({
        target: { tabId, documentIds: [documentId] },
        func: () => location.origin,
        injectImmediately: true,
      }),
      documentsShown(tabId),
    ]);
    // A document in the back/forward cache lets scripts in as well.
    if (!shown.includes(documentId)) return undefined;
    return typeof answer?.result === 'string' ? answer.result : undefined;
  } catch {
    return undefined;
  }
}

/** The documents that a tab shows, with those in its frames, as the browser says now; none that lets no script in. */
export async function documentsShown(tabId: number): Promise<readonly string[]> {
  try {
    const answers = await native.scripting.executeScript({
      target: { tabId, allFrames: true },
      func: () => undefined,
      injectImmediately: true,
    });
    return answers.flatMap(({ documentId }) => documentId ?? []);
  } catch {
    return [];
  }
}

/** Injects the content script into all open pages. Never rejects. */
export async function injectEverywhere(): Promise<void> {
  for (const script of pageScripts()) {
    const tabs = await native.tabs.query({ url: [...script.matches] });
    await Promise.all(tabs.map(({ id }) => id !== undefined && inject(id, script)));
  }
}

const inject = (tabId: number, { files, allFrames }: PageScript) =>
  execute({ target: { tabId, allFrames }, files });

/** @returns false if the browser refuses */
async function execute(injection: Scripting.ScriptInjection): Promise<boolean> {
  try {
    await native.scripting.executeScript(injection);
    return true;
  } catch {
    // The browser shows its own error page, or a permission was taken away.
    return false;
  }
}
