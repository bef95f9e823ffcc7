import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { startPushServer } from '../service/push-server.ts';
import type { FirefoxPrefs } from './start-firefox.ts';

/** The push service that a Firefox is set to: it gives out endpoints, and hands on what comes there. */
export async function startFirefoxPush() {
  let browser: WebSocket | undefined;
  const tell = (message: object) => browser?.send(JSON.stringify(message));
  const endpoints = await startPushServer(({ path, headers, body }) => {
    const channelID = path.replace('/p/', '');
    const data = body.toString('base64url');
    const encoding = headers['content-encoding'];
    tell({
      messageType: 'notification',
      channelID,
      version: crypto.randomUUID(),
      data,
      headers: { encoding },
    });
  });
  const pushEndpointOf = (channelID: string) => `http://127.0.0.1:${endpoints.port}/p/${channelID}`;
  const answers = {
    hello: () => ({ uaid: 'a'.repeat(32), use_webpush: true, broadcasts: {} }),
    register: (channelID: string) => ({ channelID, pushEndpoint: pushEndpointOf(channelID) }),
    unregister: (channelID: string) => ({ channelID }),
  };
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (socket) => {
    browser = socket;
    socket.on('message', (text) => {
      const { messageType, channelID } = JSON.parse(String(text)) as Record<string, string>;
      const answer = answers[messageType as keyof typeof answers];
      if (answer) tell({ messageType, status: 200, ...answer(channelID ?? '') });
    });
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const prefs: FirefoxPrefs = {
    'dom.push.serverURL': `ws://127.0.0.1:${port}/`,
    // Puppeteer's Firefox makes no connection of this kind by itself.
    'dom.push.connection.enabled': true,
    'dom.push.testing.allowInsecureServerURL': true,
    'dom.push.testing.ignorePermission': true,
    'permissions.default.desktop-notification': 1,
    'alerts.useSystemBackend': false,
  };
  return {
    ...endpoints,
    prefs,
    close: () => {
      browser?.terminate();
      server.close();
      endpoints.close();
    },
  };
}
