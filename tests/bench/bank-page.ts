import { createServer } from 'node:http';
import { loginOtpContent } from '../../bank/families/anser/pages/login.ts';
import { loadAssets } from '../../bank/web/assets.ts';
import { layout } from '../../bank/web/layout.ts';
import { ANSER } from '../../core/family/anser.ts';
import { loadDirectory } from '../../host/directory.ts';
import { institutionOf } from '../institutions.ts';
import type { Bench } from './measure.ts';

/** Serves BLI023 as the reference bank shows it, to whoever asks, under any host name. */
export async function serveLoginOtp(port: number, bench: Bench): Promise<void> {
  const directory = loadDirectory(undefined, port);
  const institution = institutionOf('senpoku', directory);
  const assets = loadAssets(directory);
  const formToken = 'bench';
  const html = await layout(
    {
      site: { institution, origin: '', base: '' },
      href: assets.href,
      textSize: 'normal',
      path: '/login/otp',
      formToken,
      menu: undefined,
    },
    {
      screen: ANSER.screens.loginOtp,
      content: loginOtpContent(institution, {
        formToken,
        submission: 'bench',
        errors: [],
        path: '/login/otp',
        what: 'ログイン',
        asking: { kind: 'code' },
        other: undefined,
      }),
    },
  );
  const server = createServer((request, response) => {
    const [, name] = /^\/assets\/([^?]+)/.exec(request.url ?? '') ?? [];
    const asset = name === undefined ? undefined : assets.find(name);
    response.setHeader('Content-Type', asset?.type ?? 'text/html; charset=utf-8');
    response.end(asset?.text ?? String(html));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  bench.defer(() => {
    server.closeAllConnections();
    server.close();
  });
}
