// Lets a thread of Node load the TypeScript sources as vitest does: packages resolve to their source, and
// a file that is imported as `.js` to the `.ts` beside it.
import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

const packages = new URL('../../../packages/', import.meta.url);

registerHooks({
  resolve(specifier, context, next) {
    const name = /^@moorage\/(\w+)$/.exec(specifier)?.[1];
    if (name !== undefined) return next(new URL(`${name}/src/index.ts`, packages).href, context);
    if (/^\.{1,2}\/.*\.js$/.test(specifier) && context.parentURL !== undefined) {
      const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
      if (existsSync(fileURLToPath(source))) return next(source.href, context);
    }
    return next(specifier, context);
  },
});
