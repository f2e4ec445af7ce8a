import { defineConfig } from 'vitest/config';

// Tests stand beside the source. Workspace packages resolve to their source (condition `source`),
// never to a build, so a stale `dist` cannot fail or pass a test.
const conditions = ['source', 'module', 'node', 'development|production'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['src/**/*.test.ts'],
    environment: 'node',
    // Real sockets and, in a shared machine, a busy one.
    testTimeout: 30_000,
  },
});
