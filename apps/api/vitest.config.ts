import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Workspace packages resolve to their source, so a stale build can never decide a test. Aliases and
// not the `source` condition: vitest hands conditions to Node too, which then loads pg wrongly.
const packages = ['contract', 'core', 'dial', 'kube', 'sandbox', 'testbed'];
const source = {
  resolve: {
    alias: packages.map((name) => ({
      find: new RegExp(`^@moorage/${name}$`),
      replacement: fileURLToPath(new URL(`../../packages/${name}/src/index.ts`, import.meta.url)),
    })),
  },
};

export default defineConfig({
  ...source,
  test: {
    projects: [
      {
        ...source,
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts'],
          exclude: ['**/*.kube.test.ts', '**/*.node.test.ts'],
        },
      },
      {
        ...source,
        test: {
          name: 'api',
          include: ['test/**/*.api.test.ts'],
          globalSetup: ['test/database-server.ts'],
          // A start of the whole application with its database takes about a second; two cores are shared.
          testTimeout: 30_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
      {
        ...source,
        test: {
          name: 'kube',
          include: ['{src,test}/**/*.kube.test.ts'],
          globalSetup: ['test/database-server.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 1,
        },
      },
      {
        ...source,
        test: {
          name: 'node',
          include: ['{src,test}/**/*.node.test.ts'],
          globalSetup: ['test/database-server.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          maxWorkers: 1,
        },
      },
    ],
  },
});
