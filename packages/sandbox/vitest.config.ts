import { defineConfig } from 'vitest/config';

// `unit` runs against the simulated servers alone, `kube` runs the same conformance suite against
// a real kube-apiserver. Workspace packages resolve to their source (condition `source`).
const conditions = ['source', 'module', 'node', 'development|production'];
const shared = {
  resolve: { conditions },
  ssr: { resolve: { conditions } },
};

export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
          testTimeout: 20_000,
        },
      },
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
    ],
  },
});
