import { createTransport } from 'nodemailer';
import { type Directory, mailAddressOf } from '../../core/institution/directory.ts';

export interface MailSender {
  readonly name: string;
  readonly address: string;
}

export interface Mail {
  readonly from: MailSender;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** The mail server says for good that it has no such address. */
export class AddressRefusedError extends Error {
  override name = 'AddressRefusedError';
}

export interface Mailer {
  /** Rejects if the mail server did not take the mail, with {@link AddressRefusedError} if it never will. */
  send(mail: Mail): Promise<void>;
  close(): void;
}

/** @param url `smtp://` or `smtps://`, with credentials if the server wants them */
export function createMailer(url: string): Mailer {
  const transport = createTransport({
    url,
    // Mails that follow one another take one connection. What is broken off is tried again by the outbox.
    pool: true,
    maxRequeues: 0,
    connectionTimeout: 5_000,
    greetingTimeout: 5_000,
    socketTimeout: 10_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    send: async ({ from, to, subject, text }) => {
      // As an object the address is not parsed: nothing in it can name a second recipient.
      await transport.sendMail({ from, to: { name: '', address: to }, subject, text }).catch(judge);
    },
    close: () => transport.close(),
  };
}

/** RFC 5321 §4.2.1: 5xx is for good. RFC 3463 §3.8: 5.7 is about whether we may send, and the operator can mend that. */
function judge(error: unknown): never {
  const { command, response } = error as { readonly command?: string; readonly response?: string };
  if (command === 'RCPT TO' && /^5\d\d[ -](?!5\.7\.)/.test(response ?? '')) throw new AddressRefusedError();
  throw error;
}

/** Senders of the institutions' mails, by the institution's key. @throws Error for a key the directory does not have */
export function senders({ institutions }: Directory): (key: string) => MailSender {
  const byKey = new Map(
    institutions.map((one) => [one.key, { name: one.name, address: mailAddressOf(one) }]),
  );
  return (key) => {
    const sender = byKey.get(key);
    if (sender === undefined) throw new Error(`no institution ${key}`);
    return sender;
  };
}
