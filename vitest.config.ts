import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import preact from '@preact/preset-vite';
import { defineConfig } from 'vitest/config';

/** `service` starts whole processes or attacks them; `unit` does neither. */
const NODE_TESTS = [
  {
    name: 'unit',
    include: ['tests/unit/**/*.test.{ts,tsx}', 'tests/*.test.ts'],
    isolate: false,
    setupFiles: ['tests/unit/own-modules.ts', 'tests/seed.ts'],
    globalSetup: 'tests/service/memory.ts',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
  {
    name: 'service',
    include: ['tests/service/**/*.test.ts'],
    globalSetup: ['tests/service/memory.ts', 'tests/service/programs.ts'],
    // Here a process ends with its file, and a built-in database lives for seconds: optimising its code takes longer than it runs.
    execArgv: ['--liftoff-only'],
    // Half a minute where the machine is slow, for what takes a few seconds elsewhere.
    testTimeout: 240_000,
    hookTimeout: 240_000,
  },
];

/** Tests create hundreds of data folders and profiles: they go into memory if there is plenty. */
const MEMORY = '/dev/shm';
const PLENTY_BYTES = 4 * 2 ** 30;

function hasPlenty(): boolean {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= PLENTY_BYTES;
  } catch {
    return false;
  }
}

if (process.env.TMPDIR === undefined && hasPlenty()) {
  const folder = mkdtempSync(join(MEMORY, 'warifu-tests-'));
  // Root starts PostgreSQL as another user, who must be able to read the folder.
  chmodSync(folder, 0o755);
  process.env.TMPDIR = folder;
  process.once('exit', () => {
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    } catch {
      // Somebody still writes there. That the tests have passed is true all the same.
    }
  });
}

export default defineConfig({
  plugins: [preact()],
  test: {
    projects: [
      ...NODE_TESTS.map((only) => ({
        extends: true as const,
        test: {
          ...only,
          // By default Vitest leaves one core free, which is half of a machine with two.
          maxWorkers: '100%',
        },
      })),
      ...['e2e', 'attack'].map((name) => ({
        extends: true as const,
        test: {
          name,
          include: [`tests/${name}/**/*.test.ts`],
          globalSetup: 'tests/e2e/setup.ts',
          testTimeout: 300_000,
          hookTimeout: 300_000,
          // Each file needs a browser and three servers: run two at once, after the unit tests. With four on two cores a story
          // waits longer than its patience now and then. No test is retried.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      })),
    ],
  },
});
