// npm run bench [-- NAME --full]: builds what the benchmarks drive, then runs them on Node 24.
import { ensureBuilt } from './bootstrap/build.mjs';
import { ensureInstalled } from './bootstrap/install.mjs';
import { at } from './bootstrap/paths.mjs';
import { main, runOnBundledNode } from './bootstrap/run.mjs';

await main(async () => {
  await ensureInstalled();
  await ensureBuilt('@moorage/api');
  await ensureBuilt('@moorage/bench');
  return runOnBundledNode(at('bench/dist/index.js'), process.argv.slice(2));
});
