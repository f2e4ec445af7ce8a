import { defineConfig } from 'vitest/config';

// `unit` needs nothing; `kube` a real API server; `node` also containerd, a registry and root.
// Workspace packages resolve to their source (condition `source`), never to a build.
const conditions = ['source', 'module', 'node', 'development|production'];
const shared = {
  resolve: { conditions },
  ssr: { resolve: { conditions } },
};

export default defineConfig({
  test: {
    projects: [
      { ...shared, test: { name: 'unit', include: ['src/**/*.test.ts'] } },
      {
        ...shared,
        test: {
          name: 'kube',
          include: ['test/**/*.kube.ts'],
          // The first run on a machine builds the Kubernetes binary.
          hookTimeout: 900_000,
          testTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        ...shared,
        test: {
          name: 'node',
          include: ['test/**/*.node.ts'],
          hookTimeout: 900_000,
          testTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
