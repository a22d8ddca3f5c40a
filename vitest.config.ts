import { defineConfig } from 'vitest/config';
import { LastLineReporter } from './test/reporter/last-line-reporter.ts';

const sources = ['packages/*/src/**', 'apps/*/src/**'];

export default defineConfig({
  test: {
    reporters: ['default', new LastLineReporter()],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: sources.map((glob) => `${glob}/*.test.ts`),
          exclude: ['**/*.integration.test.ts', '**/node_modules/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: sources.map((glob) => `${glob}/*.integration.test.ts`),
          fileParallelism: false,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'whole',
          include: [
            'test/*.test.ts',
            'test/e2e/**/*.test.ts',
            'test/registry-behaviours/**/*.test.ts',
            'test/chaos/**/*.test.ts',
            'test/fuzz/**/*.test.ts',
            'test/bench/**/*.test.ts',
          ],
          exclude: ['**/*.wide.test.ts', '**/node_modules/**'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'wide',
          include: ['test/**/*.wide.test.ts'],
          exclude: ['test/chaos/**', '**/node_modules/**'],
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 180_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'chaos',
          include: ['test/chaos/**/*.wide.test.ts'],
          fileParallelism: false,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
