import { defineConfig } from 'vitest/config';

// Workspace packages resolve to their source (condition `source`), never to a build.
const conditions = ['source', 'module', 'node', 'development|production'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    environment: 'node',
    // One of them starts and kills a program a hundred times.
    testTimeout: 60_000,
  },
});
