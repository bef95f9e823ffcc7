import { type BaseIssue, type BaseSchema, type InferOutput, is } from 'valibot';
import type { Runtime } from 'webextension-polyfill';
import { native } from '../native.ts';

type Schema = BaseSchema<unknown, unknown, BaseIssue<unknown>>;

/** Asks the background; undefined where it is gone (the extension was updated) or its answer has another shape. */
export async function ask<S extends Schema>(message: unknown, reply: S): Promise<InferOutput<S> | undefined> {
  try {
    const answer = await native.runtime.sendMessage(message);
    return is(reply, answer) ? answer : undefined;
  } catch {
    return undefined;
  }
}

/** Tells the background something that needs no answer. */
export async function tell(message: unknown): Promise<void> {
  try {
    await native.runtime.sendMessage(message);
  } catch {
    // The extension was updated: there is nobody to tell.
  }
}

/** Answers the extension's own pages; never another content script, never the page. */
export function answerExtensionPages<S extends Schema>(
  schema: S,
  handle: (message: InferOutput<S>) => Promise<unknown>,
): void {
  const listener = (message: unknown, sender: Runtime.MessageSender, answer: (reply: unknown) => void) => {
    if (sender.id !== native.runtime.id || sender.tab !== undefined || !is(schema, message)) return undefined;
    void handle(message).then(answer);
    return true;
  };
  // The type knows no listener that answers only some messages.
  native.runtime.onMessage.addListener(listener as Runtime.OnMessageListenerCallback);
}
