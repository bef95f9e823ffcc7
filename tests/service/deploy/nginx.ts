import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { type ClientHttp2Session, connect } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replaced } from './replaced.ts';
import { untilListening } from './until-listening.ts';

/** deploy/nginx/warifu.conf on ports of a test. */
export interface Nginx {
  /** Speaks to one of the names, over TLS and HTTP/2. */
  session(name: string, localAddress?: string): ClientHttp2Session;
  stop(): Promise<void>;
}

/** The ports in the file, and the test's ports that replace them. */
export interface NginxPorts {
  readonly plain: number;
  readonly tls: number;
  /** For the bank on the same machine. */
  readonly inside: number;
  readonly nodes: readonly [number, number];
  readonly bank: number;
}

const NAMES = ['token.bank.example', 'ib.bank.example', 'staff.bank.example'];

export async function startNginx({ plain, tls, inside, nodes, bank }: NginxPorts): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), 'warifu-nginx-'));
  const certificate = makeCertificate(folder);
  const site = replaced('deploy/nginx/warifu.conf', [
    ['/etc/warifu/tls', folder],
    ['listen 80 ', `listen 127.0.0.1:${plain} `],
    ['listen 443 ', `listen 127.0.0.1:${tls} `],
    ['127.0.0.1:4590', `127.0.0.1:${inside}`],
    ['127.0.0.1:4600', `127.0.0.1:${nodes[0]}`],
    ['127.0.0.1:4610', `127.0.0.1:${nodes[1]}`],
    ['127.0.0.1:4601', `127.0.0.1:${bank}`],
  ]);
  writeFileSync(join(folder, 'warifu.conf'), site);
  mkdirSync(join(folder, 'temp'));
  const main = join(folder, 'nginx.conf');
  writeFileSync(main, mainFile(folder));
  execFileSync('sh', ['-c', operatorsStep().replace('/etc/nginx/nginx.conf', main)]);
  const args = ['-p', folder, '-e', join(folder, 'error.log'), '-c', main];
  execFileSync('nginx', ['-t', ...args], { stdio: 'pipe' });
  const child = spawn('nginx', args, { stdio: 'inherit' });
  const ended = once(child, 'exit');
  await untilListening(tls);
  return {
    session: (name, localAddress) =>
      connect(`https://${name}:${tls}`, {
        ca: certificate,
        servername: name,
        ...(localAddress && { localAddress }),
        lookup: (_name, { all }, found) =>
          all ? found(null, [{ address: '127.0.0.1', family: 4 }]) : found(null, '127.0.0.1', 4),
      }),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** What Debian's nginx.conf holds around a site, on two cores. */
const mainFile = (folder: string) => `
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 2;
daemon off;
pid ${folder}/nginx.pid;
events {
	worker_connections 768;
	# multi_accept on;
}
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/temp/${kind};`).join('\n  ')}
  include ${folder}/warifu.conf;
}
`;

/** What docs/OPERATE.md changes in it. */
function operatorsStep(): string {
  const [step] = /^sed .* \/etc\/nginx\/nginx\.conf$/m.exec(readFileSync('docs/OPERATE.md', 'utf8')) ?? [];
  return step ?? '';
}

export function makeCertificate(folder: string): string {
  const names = NAMES.map((name) => `DNS:${name}`).join(',');
  const [key, file] = [join(folder, 'privkey.pem'), join(folder, 'fullchain.pem')];
  const subject = ['-subj', '/CN=warifu test', '-addext', `subjectAltName=${names}`, '-days', '1'];
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  execFileSync('openssl', ['req', '-x509', ...newKey, ...subject, '-keyout', key, '-out', file], {
    stdio: 'pipe',
  });
  return readFileSync(file, 'utf8');
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** One request. @param heard gets the body received so far, and ends the request by returning true */
export function ask(
  session: ClientHttp2Session,
  headers: Readonly<Record<string, string>>,
  { body = '', heard = () => false }: { body?: string; heard?: (text: string) => boolean } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ':path': '/', ...headers }, { endStream: body === '' });
    let answered: Readonly<Record<string, unknown>> = {};
    let text = '';
    const done = () => resolve({ status: Number(answered[':status']), headers: answered, body: text });
    stream.once('response', (found) => {
      answered = found;
    });
    stream.setEncoding('utf8');
    stream.on('data', (part: string) => {
      text += part;
      if (!heard(text)) return;
      done();
      stream.close();
    });
    stream.once('end', done);
    stream.once('error', reject);
    if (body !== '') stream.end(body);
  });
}
