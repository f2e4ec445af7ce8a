import { defineConfig } from 'vitest/config';

const conditions = ['source', 'module', 'node', 'development|production'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['test/**/*.test.ts', 'src/**/*.test.ts'],
    environment: 'node',
    // Compiles the command once, so that the tests run what people run.
    globalSetup: ['test/compile-command.ts'],
    testTimeout: 30_000,
  },
});
