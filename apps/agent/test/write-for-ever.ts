/** A process for a test to kill: it brings one config after the other onto a node, without an end. */

import { KeptCopies } from '../src/files/kept-copies.js';
import { NodeDisk } from '../src/files/node-disk.js';
import { NodeFiles } from '../src/files/node-files.js';
import { StateFile } from '../src/files/state-file.js';
import { createLog } from '../src/log.js';
import { buildConfig, plainly } from './node-stage.js';

const [root = ''] = process.argv.slice(2);
const log = createLog(() => undefined);
const disk = new NodeDisk(root);
const state = new StateFile(disk, log);
const files = new NodeFiles({
  disk,
  state,
  copies: new KeptCopies(disk),
  log,
  options: { distribution: 'k3s', disableDefaultEndpoint: false, embeddedRegistry: null },
  now: () => Date.now(),
});
const before = buildConfig({ hash: 'h1', ca: 'AAAA', extra: 'quay.io' });
const after = buildConfig({ hash: 'h2', ca: 'BBBB', password: 'planted-2', extra: 'ghcr.io' });
await state.load();
await files.prepare();
process.stdout.write('writing\n');
for (;;) {
  await files.apply(after, plainly);
  await files.apply(before, plainly);
}
