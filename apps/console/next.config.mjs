import { createRequire } from 'node:module';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const formatOnly = createRequire(import.meta.url).resolve('use-intl/format-message/format-only');

/**
 * Plain JavaScript, because the server reads it on every start. What next-intl's plugin would do are two
 * aliases; the plugin itself insists on being run from this folder, which the API's process is not.
 *
 * @type {import('next').NextConfig}
 */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  images: { unoptimized: true },
  // The settings became the image policy; bookmarks still work.
  redirects: async () => [
    { source: '/e/:env/settings', destination: '/e/:env/policy', permanent: true },
    { source: '/installation/settings', destination: '/installation/policy', permanent: true },
  ],
  turbopack: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    resolveAlias: {
      'next-intl/config': './src/i18n/request.ts',
      // Messages are compiled on the server (src/i18n/request.ts); the browser needs no parser for them.
      'use-intl/format-message': relative(here, formatOnly),
    },
  },
  experimental: { optimizePackageImports: ['@mantine/core', '@mantine/hooks'] },
};

export default config;
