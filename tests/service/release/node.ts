import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { codeOf } from '../../../host/listen.ts';
import { DEFAULT_DIRECTORY } from '../../institutions.ts';
import { BANK, type Bank } from '../../unit/bank/browser.ts';
import { client } from '../active-token.ts';
import type { Side } from '../faults/codes.ts';
import { startNode } from '../faults/node.ts';
import { freePort } from '../free-port.ts';
import { startPart } from '../process.ts';
import type { Reached } from '../test-confirmation.ts';
import { ORIGIN } from '../test-service.ts';

/** What all nodes of both releases have in common. */
export interface Deployment {
  readonly data: string;
  readonly masterKey: string;
  readonly serviceDatabase: string;
  readonly bankDatabase: string;
}

/**
 * A 503, which a busy machine gives now and then, or a node that has ended since it was its turn: nothing was done that
 * cannot be done again.
 */
export class BusyError extends Error {
  override name = 'BusyError';
}

/** A token service and a bank of one release. Requests fail with a {@link BusyError} where they are answered so. */
export interface ReleaseNode extends Side, Reached {
  readonly pages: Bank;
  /** Ends both, once they have answered what is under way. @returns their exit codes */
  end(): Promise<(number | null)[]>;
}

/** @param folder of a release; that of the sources where none is given */
export async function startRelease(deployment: Deployment, folder?: string): Promise<ReleaseNode> {
  const fileOf = (part: string) => (folder === undefined ? `${part}/main.ts` : join(folder, part, 'main.js'));
  const directory = join(deployment.data, 'directory.json');
  writeFileSync(directory, JSON.stringify(DEFAULT_DIRECTORY));
  const env = {
    WARIFU_DATA: deployment.data,
    WARIFU_MASTER_KEY: deployment.masterKey,
    // As operators have it: who was about to ask a node that ends is answered, and not cut off.
    WARIFU_DRAIN_S: '1',
  };
  const service = await startNode(
    deployment.serviceDatabase,
    { ...env, WARIFU_DIRECTORY: directory },
    { file: fileOf('server') },
  );
  const bankPort = await freePort();
  const bank = await startPart(fileOf('bank'), {
    ...env,
    WARIFU_PORT: String(bankPort - 1),
    BANK_DATABASE_URL: deployment.bankDatabase,
    TOKEN_SERVICE_URL: `http://127.0.0.1:${service.port}`,
  });
  if (bank.child.exitCode !== null) {
    await service.part.kill('SIGTERM');
    throw new Error(`the bank did not start:\n${bank.output.join('\n')}`);
  }
  const { port, apiKey } = service;
  const url = `http://127.0.0.1:${port}`;
  const ofBank = client(deployment.data, url);
  return {
    port,
    apiKey,
    life: 1,
    clock: { now: Date.now },
    bank: (_method, path, body) => notBusy(ofBank(path, body)),
    app: { request: (to, init) => notBusy(fetch(String(to).replace(ORIGIN, url), init)) },
    pages: { request: (to, init) => notBusy(askPage(bankPort, to, init)) },
    end: () => Promise.all([service.part.kill('SIGTERM'), bank.kill('SIGTERM')]),
  };
}

async function notBusy(asked: Promise<Response>): Promise<Response> {
  const answer = await asked.catch((error: Error) => {
    throw codeOf(error.cause ?? error) === 'ECONNREFUSED' ? new BusyError() : error;
  });
  if (answer.status === 503) throw new BusyError();
  return answer;
}

/** What a bank answers at the port where it runs; `fetch` would not send another host. */
function askPage(
  port: number,
  url: string,
  { method = 'GET', headers, body }: RequestInit,
): Promise<Response> {
  const origin = BANK.replace('4601', String(port));
  const sent = new Headers(headers);
  sent.set('host', new URL(origin).host);
  if (sent.has('origin')) sent.set('origin', origin);
  return new Promise((resolve, reject) => {
    const path = url.slice(BANK.length);
    const asked = request({ host: '127.0.0.1', port, method, path, headers: Object.fromEntries(sent) });
    asked.once('error', reject);
    asked.once('response', async (answer) => {
      const headers = Object.entries(answer.headersDistinct).flatMap(([name, values = []]) =>
        values.map((value): [string, string] => [name, value]),
      );
      resolve(new Response(await text(answer), { status: answer.statusCode ?? 0, headers }));
    });
    asked.end(body);
  });
}
