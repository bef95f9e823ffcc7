import type { Runtime } from 'webextension-polyfill';
import type { Sender } from '../../core/autofill/asking.ts';
import type { Shape } from '../../core/messages/shape.ts';
import { browser } from '../browser.ts';

type Handler = (message: unknown, sender: Sender) => Promise<unknown> | undefined;

/** Ties a message's shape to its handler. */
export function on<T>(
  shape: Shape<T>,
  handle: (message: T, sender: Sender) => Promise<unknown> | undefined,
): Handler {
  return (message, sender) => (shape(message) ? handle(message, sender) : undefined);
}

/** Ties a message's shape to its handler, for messages that only the extension's own pages may send. */
export function onFromOwnPages<T>(shape: Shape<T>, handle: (message: T) => Promise<unknown>): Handler {
  return on(shape, (message, sender) => (isOwnPage(sender) ? handle(message) : undefined));
}

/**
 * Answers only messages of this extension, each by the first handler whose shape it matches. Anything else gets no answer.
 * Handlers know the sender as the browser describes it.
 */
export function listen(...handlers: Handler[]): void {
  browser.runtime.onMessage.addListener((message: unknown, from: Runtime.MessageSender) => {
    const sender = senderOf(from);
    if (sender.extensionId !== browser.runtime.id) return undefined;
    for (const handler of handlers) {
      const answer = handler(message, sender);
      if (answer !== undefined) return answer;
    }
    return undefined;
  });
}

/**
 * Whether the sender is a page of the extension, in the popup or in a tab. Content scripts have the extension's id as well, but
 * the origin of their page.
 */
function isOwnPage({ extensionId, origin }: Sender): boolean {
  return extensionId === browser.runtime.id && `${origin}/` === browser.runtime.getURL('/');
}

function senderOf(from: Runtime.MessageSender): Sender {
  const { origin, documentId } = from as { origin?: string; documentId?: string };
  const { id: tabId, url } = from.tab ?? {};
  const topOrigin = url !== undefined && URL.canParse(url) ? new URL(url).origin : undefined;
  return { extensionId: from.id, tabId, frameId: from.frameId, origin, topOrigin, documentId };
}
