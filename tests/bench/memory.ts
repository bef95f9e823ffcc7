import { ActiveTokens } from './active-tokens.ts';
import { serveLoginOtp } from './bank-page.ts';
import { launchBrowser, serviceWorker } from './extension.ts';
import { fillOnce } from './fill.ts';
import { type Bench, type Figure, type Group, median } from './measure.ts';
import { prepareVault } from './seed-vault.ts';
import { type Ground, newGround, startService, withDatabase } from './token-service.ts';
import { startVerifying } from './verification.ts';

const TOKENS = 12_000;
const LOADS = 3;
const LOAD_MS = 3_000;
const MB = 1_000_000;

/** Most the service may hold where PostgreSQL is a process of its own; PGlite is PostgreSQL inside the service. */
const LIMIT_MB = 150;

/** Memory after work. */
export const memory: Group = {
  name: 'memory',
  run: async (bench) => [
    await serviceMemory('PGlite', bench),
    {
      ...(await serviceMemory('PostgreSQL', bench)),
      against: { name: 'limit', value: LIMIT_MB },
      target: { atMost: 1 },
    },
    await backgroundHeap(bench),
  ],
};

async function serviceMemory(kind: Ground['kind'], bench: Bench): Promise<Figure> {
  bench.progress(`memory on ${kind}`);
  const tokens = new ActiveTokens();
  const ground = await newGround(kind, bench);
  const ours = await withDatabase(ground, (db) => tokens.insert(db, TOKENS, 0));
  const service = await startService(ground, bench, { WARIFU_MASTER_KEY: tokens.masterKey });
  const verify = await startVerifying(service, tokens, ours, bench);
  const resident: number[] = [];
  for (let round = 0; round < LOADS; round += 1) {
    await verify(LOAD_MS);
    resident.push(service.residentBytes() / MB);
  }
  return { name: `service resident after load, ${kind}`, value: median(resident), unit: 'MB' };
}

/** What the background's scripts hold after codes were filled, garbage taken away. */
async function backgroundHeap(bench: Bench): Promise<Figure> {
  bench.progress('heap of the background');
  const { output, port } = await bench.build();
  await serveLoginOtp(port + 1, bench);
  const browser = await launchBrowser('chromium', output, bench);
  await prepareVault(browser, 1);
  await fillOnce(await browser.newPage(), port + 1);
  const { client } = await serviceWorker(browser.browser, browser.product.base);
  await client.send('HeapProfiler.collectGarbage');
  const { usedSize } = await client.send('Runtime.getHeapUsage');
  return { name: 'heap of the background after a fill', value: usedSize / MB, unit: 'MB' };
}
