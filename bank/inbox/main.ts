import { codeOf, listenOnLoopback } from '../listen.ts';
import { createInbox } from './app.ts';
import { createMessages } from './messages.ts';
import { startSmtpSink } from './smtp.ts';

const firstPort = Number(process.env.WARIFU_PORT ?? 4600);
const messages = createMessages();

try {
  const smtp = await startSmtpSink(messages, Date.now, Number(process.env.WARIFU_SMTP_PORT ?? 0));
  const close = await listenOnLoopback(createInbox(messages).fetch, firstPort + 2);
  process.stdout.write(`smtp smtp://127.0.0.1:${smtp.port}\n`);
  process.stdout.write(`ready http://inbox.localhost:${firstPort + 2}\n`);
  const end = async () => {
    await close();
    await smtp.close();
    process.exit(0);
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
} catch (error) {
  const hint = codeOf(error) === 'EADDRINUSE' ? ' Choose other ports with WARIFU_PORT.' : '';
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}.${hint}\n`);
  process.exit(1);
}
