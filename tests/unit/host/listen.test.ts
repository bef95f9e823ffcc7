import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { closeServers, listen } from '../../../host/listen.ts';

test('a server is closed with its last answer, though the connection of that was to be kept', async () => {
  const answer = Promise.withResolvers<ServerResponse>();
  const server = createServer((_, outgoing) => answer.resolve(outgoing));
  await listen(server, '127.0.0.1', 0);
  const asked = fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const outgoing = await answer.promise;
  const closed = closeServers([server], 60_000);
  outgoing.end('answered');
  expect(await (await asked).text()).toBe('answered');
  await closed;
}, 20_000);
