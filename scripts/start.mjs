// npm start: install and build what is missing, then hand over to the server on Node 24.
import { ensureBuilt } from './bootstrap/build.mjs';
import { ensureInstalled } from './bootstrap/install.mjs';
import { at } from './bootstrap/paths.mjs';
import { main, runOnBundledNode } from './bootstrap/run.mjs';

await main(async () => {
  await ensureInstalled();
  await ensureBuilt('@moorage/api');
  return runOnBundledNode(at('apps/api/dist/main.js'), process.argv.slice(2));
});
