import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { endOnSignals } from '../../host/end.ts';
import { closeServers, codeOf, LOOPBACK, listenOn } from '../../host/listen.ts';
import { readSettings } from '../../host/settings.ts';
import { createInbox } from './app.ts';
import { createMessages } from './messages.ts';
import { startSmtpSink } from './smtp.ts';

const messages = createMessages();

try {
  const { firstPort, smtpPort } = readSettings(process.env);
  const smtp = await startSmtpSink(messages, Date.now, smtpPort);
  const { fetch } = createInbox(messages);
  const servers = LOOPBACK.map((hostname) => createAdaptorServer({ fetch, hostname }) as Server);
  await listenOn(servers, LOOPBACK, firstPort + 2);
  endOnSignals(async () => {
    await closeServers(servers);
    await smtp.close();
    process.exit(0);
  });
  process.stdout.write(`smtp smtp://127.0.0.1:${smtp.port}\n`);
  process.stdout.write(`ready http://inbox.localhost:${firstPort + 2}\n`);
} catch (error) {
  const hint = codeOf(error) === 'EADDRINUSE' ? ' Choose other ports with WARIFU_PORT.' : '';
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}.${hint}\n`);
  process.exit(1);
}
