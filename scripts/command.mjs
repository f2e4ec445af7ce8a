// npm run build, openapi, db:migrate, db:reset, demo:reset, admin:password, agent:image: installs and builds what the
// command needs.
//
// A command runs in the root folder like the server itself, so that both mean the same data folder.
import { ensureBuilt } from './bootstrap/build.mjs';
import { ensureInstalled } from './bootstrap/install.mjs';
import { at } from './bootstrap/paths.mjs';
import { BootstrapError, main, runInForeground, runOnBundledNode } from './bootstrap/run.mjs';
import { listWorkspaces } from './bootstrap/workspaces.mjs';

const turboTasks = ['build', 'openapi'];

/** The one application that has the command, and the file that it is. */
function findCommand(command) {
  for (const { name, folder, manifest } of listWorkspaces()) {
    const file = /^node (\S+)$/.exec(manifest.scripts?.[command] ?? '')?.[1];
    if (file) return { workspace: name, file: at(folder, file) };
  }
  throw new BootstrapError(`There is no command "${command}".`);
}

await main(async () => {
  const [command = '', ...args] = process.argv.slice(2);
  await ensureInstalled();
  if (turboTasks.includes(command)) return runInForeground('turbo', ['run', command, ...args]);
  const { workspace, file } = findCommand(command);
  await ensureBuilt(workspace);
  return runOnBundledNode(file, args);
});
