// npx node tests/e2e/own-bank.ts chromium|firefox directory.json [key]: a bank of your own, the first of the directory, with the token.
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { startPart } from '../service/process.ts';
import { Screen } from './pages/screen.ts';
import { Token } from './pages/token.ts';
import { type BrowserKind, launch, picture } from './test-browser.ts';

const [kind, file, named] = process.argv.slice(2) as [BrowserKind, string, string?];
const { institutions } = JSON.parse(readFileSync(file, 'utf8'));
const institution = institutions.find(({ key }: { key: string }) => key === (named ?? institutions[0].key));
if (institution === undefined) throw new Error(`the directory has no ${named}`);
if (institution.login?.[0] === 'signed') {
  throw new Error(
    `${institution.key} prefers signatures: no code is filled unasked; name another by its key`,
  );
}
const { key, serviceId, pageOrigins, serviceOrigin, confirmation } = institution;
const data = mkdtempSync('/tmp/own-bank-');
const settings = { WARIFU_DIRECTORY: file, WARIFU_DATA: data, WARIFU_PORT: new URL(serviceOrigin).port };
const env = { ...process.env, ...settings, WARIFU_OUTPUT: `${data}/output` };
execFileSync('npx', ['wxt', 'build', '-b', kind === 'firefox' ? kind : 'chrome'], { env, stdio: 'inherit' });
await using started = new AsyncDisposableStack();
started.defer(() => rmSync(data, { recursive: true, force: true }));
const service = await startPart('server/main.ts', settings);
started.defer(async () => void (await service.kill('SIGTERM')));
if (service.child.exitCode !== null) throw new Error(service.output.join('\n'));
const PAGE = `<meta charset="utf-8"><p>画面ID：BLI023</p><h1>ログイン（ワンタイムパスワード認証）</h1>
  <form method="post"><label>ワンタイムパスワード<input name="otp" maxlength="8"></label><button>次へ</button></form>`;
const bank = createServer((_request, response) => response.setHeader('Content-Type', 'text/html').end(PAGE));
bank.listen(Number(new URL(pageOrigins[0]).port), '127.0.0.1');
started.defer(() => void bank.close());
const call = async (path: string, body: object) => {
  const Authorization = `Bearer ${readFileSync(`${data}/api-keys/${key}`, 'utf8').trim()}`;
  const headers = { Authorization, 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID() };
  const url = `http://127.0.0.1:${settings.WARIFU_PORT}/v1/tokens${path}`;
  return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).json();
};
const tell = (what: string, accepted: unknown) => {
  console.log(`${what}:`, accepted);
  if (accepted !== true) process.exitCode = 1;
};
const browser = await launch(kind, `${data}/output`);
started.defer(() => browser.close());
const token = new Token(await browser.openTokenPage());
const { userId } = await call('', { activationPassword: '24680135' });
await token.enrol({ serviceId, userId, activationPassword: '24680135' });
const screen = new Screen(await browser.newPage(pageOrigins[0]));
const code = await screen.filled('ワンタイムパスワード');
await picture(screen.page, `own-bank-${kind}-filled`);
tell('the code that was filled is accepted', (await call(`/${userId}/activate`, { code })).accepted);
const [payee, at] = ['ミホン ジロウ', { code: '001', name: '本店' }];
const account = { bank: { code: '9911', name: '見本銀行' }, branch: at, accountType: 'ordinary' };
const transaction = { type: 'transfer', ...account, accountNumber: '1234567', payee, amount: 150_000 };
const { id, number } = await call(`/${userId}/confirmations`, { transaction });
const popup = new Token(await browser.openPopup(screen.page));
await popup.question(number);
await picture(popup.page, `own-bank-${kind}-question`);
await popup.confirmTransfer();
const byCode = (confirmation.mode ?? confirmation) === 'code' && { code: await popup.confirmationCode() };
const use = await call(`/${userId}/confirmations/${id}/verify`, { transaction, ...byCode });
tell('the transfer that was confirmed may be executed', use.accepted);
