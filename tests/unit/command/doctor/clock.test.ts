import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { clockOf } from '../../../../command/doctor/clock.ts';
import { closeServers, listen } from '../../../../host/listen.ts';
import { freePort } from '../../../service/free-port.ts';

const HOST = '127.0.0.1';
const HOUR_S = 3_600;

test.each([
  ['of now is right', { ageS: 0, headers: {} }, 'ok'],
  ['of an hour ago is wrong', { ageS: HOUR_S, headers: {} }, 'error'],
  ['that a cache has kept for an hour is right', { ageS: HOUR_S, headers: { Age: `${HOUR_S}` } }, 'ok'],
])('a Date %s', async (_which, { ageS, headers }, level) => {
  const server = createServer((_incoming, outgoing) => {
    outgoing.sendDate = false;
    outgoing.writeHead(200, { ...headers, Date: new Date(Date.now() - ageS * 1_000).toUTCString() }).end();
  });
  const port = await freePort();
  await listen(server, HOST, port);
  expect(await clockOf(`http://${HOST}:${port}/`)).toMatchObject({ level });
  await closeServers([server]);
});
