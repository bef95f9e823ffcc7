import { type BaseIssue, type BaseSchema, type InferOutput, safeParse } from 'valibot';
import type { Runtime } from 'webextension-polyfill';
import type { Sender } from '../../core/autofill/gate.ts';
import { browser } from '../browser.ts';

type Schema = BaseSchema<unknown, unknown, BaseIssue<unknown>>;

/** Ties a schema to its handler, so that the handler's types come from the schema. */
export function on<S extends Schema>(
  schema: S,
  handle: (message: InferOutput<S>, sender: Sender) => Promise<unknown>,
): (message: unknown, sender: Sender) => Promise<unknown> | undefined {
  return (message, sender) => {
    const parsed = safeParse(schema, message);
    return parsed.success ? handle(parsed.output, sender) : undefined;
  };
}

/**
 * Answers messages of this extension only, each by the first handler whose schema it fits; anything else gets no
 * answer. What handlers know of the sender is the browser's word.
 */
export function listen(...handlers: ReturnType<typeof on>[]): void {
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

function senderOf(from: Runtime.MessageSender): Sender {
  const { origin, documentId } = from as { origin?: string; documentId?: string };
  return { extensionId: from.id, tabId: from.tab?.id, frameId: from.frameId, origin, documentId };
}
