import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import type { Clock } from '../../core/clock.ts';
import type { Messages } from './messages.ts';

const MAX_MAIL_BYTES = 1024 * 1024;

export interface SmtpSink {
  readonly port: number;
  close(): Promise<void>;
}

/** Accepts every mail and delivers none. Listens on 127.0.0.1 only; with port 0 the system chooses. */
export function startSmtpSink(messages: Messages, clock: Clock, port: number): Promise<SmtpSink> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: MAX_MAIL_BYTES,
    onData: (stream, session, done) => {
      const { mailFrom, rcptTo } = session.envelope;
      simpleParser(stream)
        .then(({ from, subject = '', text = '' }) => {
          messages.add({
            to: rcptTo.map(({ address }) => address),
            from: from?.text ?? (mailFrom ? mailFrom.address : ''),
            subject,
            text,
            date: new Date(clock()).toISOString(),
          });
          done();
        })
        .catch(done);
    },
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      // A client that disconnects in the middle of a mail must not end the process.
      server.on('error', () => {});
      const address = server.server.address();
      if (address === null || typeof address === 'string') return reject(new Error('no port'));
      resolve({
        port: address.port,
        close: () => new Promise((closed) => server.close(() => closed())),
      });
    });
  });
}
