import preact from '@preact/preset-vite';
import { defineConfig } from 'vitest/config';

/** `service` starts whole processes, or attacks them; `unit` does neither. */
const NODE_TESTS = [
  { name: 'unit', include: ['tests/unit/**/*.test.{ts,tsx}', 'tests/*.test.ts'] },
  { name: 'service', include: ['tests/service/**/*.test.ts'] },
];

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
