import { fileURLToPath } from 'node:url';

/**
 * Plain JavaScript, because the server reads it on every start. What next-intl's plugin would do is one
 * alias; the plugin itself insists on being run from this folder, which the API's process is not.
 *
 * @type {import('next').NextConfig}
 */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  images: { unoptimized: true },
  turbopack: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    resolveAlias: { 'next-intl/config': './src/i18n/request.ts' },
  },
  experimental: { optimizePackageImports: ['@mantine/core', '@mantine/hooks'] },
};

export default config;
