// npm run build, openapi, db:migrate, db:reset, demo:reset, admin:password: installs and builds what the command needs.
//
// A command of the API runs in the root folder like the server itself, so that both mean the same data folder.
import { ensureBuilt } from './bootstrap/build.mjs';
import { ensureInstalled } from './bootstrap/install.mjs';
import { at } from './bootstrap/paths.mjs';
import { BootstrapError, main, runInForeground, runOnBundledNode } from './bootstrap/run.mjs';
import { listWorkspaces } from './bootstrap/workspaces.mjs';

const turboTasks = ['build', 'openapi'];

function fileOf(command) {
  const api = listWorkspaces().find(({ label }) => label === 'api');
  const script = api?.manifest.scripts?.[command];
  const file = /^node (\S+)$/.exec(script ?? '')?.[1];
  if (!file) throw new BootstrapError(`The API has no command "${command}".`);
  return at(api.folder, file);
}

await main(async () => {
  const [command = '', ...args] = process.argv.slice(2);
  await ensureInstalled();
  if (turboTasks.includes(command)) return runInForeground('turbo', ['run', command, ...args]);
  const file = fileOf(command);
  await ensureBuilt('@moorage/api');
  return runOnBundledNode(file, args);
});
