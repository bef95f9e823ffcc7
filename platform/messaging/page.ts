import type { Runtime } from 'webextension-polyfill';
import type { Shape } from '../../core/messages/shape.ts';
import { native } from '../native.ts';

/**
 * Asks the background. If the background ended before it answered, it is asked once more: the browser starts it again, and every
 * question may arrive twice.
 * @returns undefined if the background is gone, as the extension was updated, or its answer has another shape
 */
export async function ask<T>(message: unknown, reply: Shape<T>): Promise<T | undefined> {
  const send = () => native.runtime.sendMessage(message);
  try {
    const answer: unknown = await send().catch(send);
    return reply(answer) ? answer : undefined;
  } catch {
    return undefined;
  }
}

/** Tells the background something that needs no answer. */
export async function tell(message: unknown): Promise<void> {
  await ask(message, isUnheard);
}

const isUnheard = (_answer: unknown): _answer is never => false;

/** Answers only the extension's own pages, never content scripts or the page. An answer of undefined is not sent. */
export function answerExtensionPages<T>(schema: Shape<T>, handle: (message: T) => Promise<unknown>): void {
  const listener = (message: unknown, sender: Runtime.MessageSender, answer: (reply: unknown) => void) => {
    if (sender.id !== native.runtime.id || sender.tab !== undefined || !schema(message)) return undefined;
    void handle(message).then((reply) => reply !== undefined && answer(reply));
    return true;
  };
  // The type does not allow a listener that answers only some messages.
  native.runtime.onMessage.addListener(listener as Runtime.OnMessageListenerCallback);
}
