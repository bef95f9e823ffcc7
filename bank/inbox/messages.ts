/** A received mail. */
export interface Message {
  readonly id: string;
  readonly to: readonly string[];
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  /** When it arrived: ISO 8601, UTC. */
  readonly date: string;
}

const MAX_MESSAGES = 500;

/** The mails to every address, newest first; when it is full, the oldest are dropped. */
export interface Messages {
  add(message: Omit<Message, 'id'>): void;
  list(to?: string): readonly Message[];
  clear(): void;
}

export function createMessages(): Messages {
  let messages: readonly Message[] = [];
  let count = 0;
  return {
    add: (message) => {
      count += 1;
      messages = [{ id: String(count), ...message }, ...messages].slice(0, MAX_MESSAGES);
    },
    clear: () => {
      messages = [];
    },
    list: (to) => {
      if (to === undefined || to === '') return messages;
      const wanted = to.toLowerCase();
      return messages.filter((message) => message.to.some((address) => address.toLowerCase() === wanted));
    },
  };
}
