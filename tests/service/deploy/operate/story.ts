import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { SENPOKU } from '../../../institutions.ts';
import { makeCertificate } from '../nginx.ts';
import { newCustomer } from './customer.ts';
import { databaseMachines, untilOneLeads } from './database-machines.ts';
import { Page, shell } from './page.ts';

/** An operator who has docs/OPERATE.md and nothing else, on the machine that machine.sh makes. */

const HOSTS = ['token.bank.example', 'ib.bank.example', 'staff.bank.example'];
const SERVICE_ORIGIN = 'https://token.bank.example';
const NODES = 'warifu-service@4600 warifu-service@4610 warifu-bank@4600';
const page = new Page('docs/OPERATE.md');

appendFileSync('/etc/hosts', `127.0.0.1 ${HOSTS.join(' ')}\n`);
const answers = (url: string) =>
  shell(
    `curl -sSL --fail --retry 30 --retry-delay 1 --retry-all-errors --cacert /etc/warifu/tls/fullchain.pem ${url}`,
  );

/** Asks until it is not answered with an error any more. */
async function untilAnswered<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (let left = 120; left > 0; left -= 1) {
    try {
      return await ask();
    } catch {
      await pause(500);
    }
  }
  return ask();
}

mkdirSync('/etc/warifu', { recursive: true });
const institution = { ...SENPOKU, serviceOrigin: SERVICE_ORIGIN, pageOrigins: ['https://ib.bank.example'] };
writeFileSync('/etc/warifu/directory.json', JSON.stringify({ institutions: [institution] }));
page.run('Build');

page.run('Install two nodes with TLS');
makeCertificate('/etc/warifu/tls');
page.run('Install two nodes with TLS');
assert.match(answers(`${SERVICE_ORIGIN}/v1/keys`), /"keys"/);
assert.match(answers('https://ib.bank.example/'), new RegExp(SENPOKU.name));
assert.match(answers('https://staff.bank.example/'), /<html/);
page.run('Install two nodes with TLS');
assert.match(page.run('Install two nodes with TLS'), /^ok .*token service: ready/m);

const customer = await newCustomer(SERVICE_ORIGIN);
assert.ok(await customer.present('activate', await customer.code(-1)));
page.run('Upgrade');
const spent = await customer.code(0);
assert.ok(await customer.present('verify', spent), 'codes go on after an upgrade');

page.run('Back up and restore');
const lost = await newCustomer(SERVICE_ORIGIN);
page.run('Back up and restore');
shell("sed -i 's|^\\(DATABASE_URL=.*\\)/warifu$|\\1/warifu_restored|' /etc/warifu/warifu.env");
assert.match(page.run('Back up and restore'), /in force/);
page.run('Back up and restore');
assert.ok(!(await customer.present('verify', spent)), 'what was spent before the backup stays spent');
assert.ok(await customer.present('verify', await customer.code(1)), 'codes go on after a restore');
await assert.rejects(lost.present('verify', '00000000'), /404/, 'what came after the backup is lost');

page.run('Change keys');
shell(`id=$(warifu key list --institution senpoku | grep ' bank ' | head -1 | cut -d ' ' -f 1)
warifu key revoke "$id" --institution senpoku --actor ops01 --reason 'changed'`);
page.run('Change keys');
page.run('Change keys');
page.run('Change keys');
assert.match(shell('warifu master-key rotate'), /\b0\b/);
page.run('Change keys');
assert.match(page.run('Change keys'), /the database is held by the present key/);
assert.match(answers('https://ib.bank.example/'), new RegExp(SENPOKU.name));
for (const step of ['prepare', 'switch', 'finish']) {
  const atOnce = step === 'prepare' ? step : `${step} --force`;
  page.run('Change keys', (text) => text.replace(`rotate ${step}`, `rotate ${atOnce}`));
}
const issued = await newCustomer(SERVICE_ORIGIN);
assert.ok(await issued.present('activate', await issued.code(0)), 'codes go on with all keys changed');

page.run('Drop old audit');

const FAILS_OVER = 'A database that fails over';
const machines = await databaseMachines();
const install = page.take(FAILS_OVER);
for (const { name, address, run } of machines) {
  run(install.replace('NAME=db1 HERE=10.0.0.11', `NAME=${name} HERE=${address}`));
}
const primary = await untilOneLeads(machines);
machines[0]?.run(page.take(FAILS_OVER));
const cluster = `postgres://warifu:PASSWORD@${machines.map(({ address }) => `${address}:5432`).join(',')}`;
shell(`cp /etc/warifu/warifu.env /root/one-server.env
sed -i 's|^DATABASE_URL=.*|DATABASE_URL=${cluster}/warifu|; s|^BANK_DATABASE_URL=.*|BANK_DATABASE_URL=${cluster}/warifu_bank|' /etc/warifu/warifu.env
systemctl restart ${NODES}`);
const survivor = await newCustomer(SERVICE_ORIGIN);
const used = await survivor.code(-1);
assert.ok(await survivor.present('activate', used));
primary.lose();
await untilOneLeads(machines.filter((machine) => machine !== primary));
assert.ok(!(await untilAnswered(() => survivor.present('verify', used))), 'what was spent stays spent');
assert.ok(await survivor.present('verify', await survivor.code(0)), 'codes go on after a failover');
shell(`mv /root/one-server.env /etc/warifu/warifu.env
systemctl restart ${NODES}`);
for (const machine of machines.filter((one) => one !== primary)) machine.lose();

page.run('Many nodes: PgBouncer');
shell(`sed -i 's|^warifu = |warifu_restored = |' /etc/pgbouncer/pgbouncer.ini
systemctl restart pgbouncer
sed -i -E 's|^#?(BANK_)?DATABASE_DIRECT_URL=.*||' /etc/warifu/warifu.env
sed -n -E 's|^((BANK_)?DATABASE)_URL=|\\1_DIRECT_URL=|p' /etc/warifu/warifu.env >> /etc/warifu/warifu.env
sed -i -E '/^(BANK_)?DATABASE_URL=/s|:5432/|:6432/|' /etc/warifu/warifu.env
systemctl restart ${NODES}
warifu doctor`);
const pooled = await newCustomer(SERVICE_ORIGIN);
assert.ok(await pooled.present('activate', await pooled.code(0)), 'codes go on by way of PgBouncer');

const OWN = 'Institutions on databases of their own';
page.run(OWN, (text) => text.replace(' warifu > ', ' warifu_restored > '));
const databases = { north: [institution.key] };
writeFileSync('/etc/warifu/directory.json', JSON.stringify({ institutions: [institution], databases }));
shell(`url=$(sed -n -E 's|^DATABASE_DIRECT_URL=(.*)/warifu_restored$|\\1/warifu_north|p' /etc/warifu/warifu.env)
echo "DATABASE_URL_NORTH=$url" >> /etc/warifu/warifu.env`);
page.run(OWN);
assert.ok(await pooled.present('verify', await pooled.code(1)), 'codes go on in a database of its own');

shell('echo NODE_EXTRA_CA_CERTS=/etc/warifu/tls/fullchain.pem >> /etc/warifu/warifu.env');
page.run('The clock is wrong', (text) => text.replace('https://www.nict.go.jp/', SERVICE_ORIGIN));
page.run('Mass lock-out');
assert.deepEqual(page.left, []);
shell(`systemctl stop ${NODES}`);
