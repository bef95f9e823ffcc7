import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import preact from '@preact/preset-vite';
import { defineConfig } from 'vitest/config';

/** `service` starts whole processes, or attacks them; `unit` does neither. */
const NODE_TESTS = [
  { name: 'unit', include: ['tests/unit/**/*.test.{ts,tsx}', 'tests/*.test.ts'] },
  { name: 'service', include: ['tests/service/**/*.test.ts'] },
];

/** Data folders and profiles are written and thrown away by the hundred: in memory, where the machine has plenty. */
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
  // PostgreSQL is started as a user of its own by root.
  chmodSync(folder, 0o755);
  process.env.TMPDIR = folder;
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
}

export default defineConfig({
  plugins: [preact()],
  test: {
    projects: [
      ...NODE_TESTS.map(({ name, include }) => ({
        extends: true as const,
        test: {
          name,
          include,
          globalSetup: 'tests/service/memory.ts',
          // A built-in database lives for seconds: to compile it well takes longer than it is used.
          execArgv: ['--liftoff-only'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
          // Vitest leaves one core free, which of two is half.
          maxWorkers: '100%',
        },
      })),
      ...['e2e', 'attack'].map((name) => ({
        extends: true as const,
        test: {
          name,
          include: [`tests/${name}/**/*.test.ts`],
          globalSetup: 'tests/e2e/setup.ts',
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Each plays on a browser and three servers: after the unit tests, two at once. Nothing is tried twice.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      })),
    ],
  },
});
