// npm run dev: API and console with reload. The API is compiled again and restarted when its sources or those of the
// packages under it change; the console runs under `next dev`, which reloads by itself. Both stand behind one address.
import { spawn } from 'node:child_process';
import { existsSync, watch } from 'node:fs';
import { ensureBuilt, ensureGenerated } from './bootstrap/build.mjs';
import { findFreePort, startFront } from './bootstrap/dev-front.mjs';
import { ensureInstalled } from './bootstrap/install.mjs';
import { at, bundledNode, toolEnvironment } from './bootstrap/paths.mjs';
import { main, runLines } from './bootstrap/run.mjs';
import { closureOf, listWorkspaces } from './bootstrap/workspaces.mjs';

// An editor writes a file in several steps; one compilation for all of them.
const SETTLE_MS = 150;
const PORT = Number(process.env.PORT ?? 8080);

const say = (label) => (line) => console.log(`[${label}] ${line}`);
const isWatched = ({ label }) => label !== 'console';

/** The changed workspace and those that are built on it, in the order of the build. */
function affectedBy(changed, workspaces) {
  return workspaces.filter((each) => closureOf(each.name, workspaces).includes(changed));
}

async function compile(workspace) {
  const cwd = at(workspace.folder);
  const args = ['-p', 'tsconfig.build.json'];
  const { code } = await runLines('tsc', args, say(workspace.label), {
    cwd,
    env: toolEnvironment(cwd),
  });
  return code === 0;
}

function startApi(port) {
  const env = toolEnvironment(undefined, { MOORAGE_CONSOLE: 'off', PORT: String(port) });
  const args = ['--enable-source-maps', at('apps/api/dist/main.js')];
  return spawn(bundledNode, args, { cwd: at(), env, stdio: 'inherit' });
}

const stopApi = (api) =>
  new Promise((resolve) => {
    if (api.exitCode !== null || api.signalCode !== null) return resolve();
    api.once('exit', resolve);
    api.kill('SIGTERM');
  });

function watchSources(workspaces, onChange) {
  const pending = new Set();
  let timer;
  for (const workspace of workspaces) {
    const source = at(workspace.folder, 'src');
    if (!existsSync(source)) continue;
    watch(source, { recursive: true }, () => {
      pending.add(workspace);
      clearTimeout(timer);
      timer = setTimeout(() => {
        const changed = [...pending];
        pending.clear();
        onChange(changed);
      }, SETTLE_MS);
    });
  }
}

async function runApi(port) {
  const workspaces = closureOf('@moorage/api', listWorkspaces()).filter(isWatched);
  let api = startApi(port);
  let turn = Promise.resolve();
  const rebuild = async (changed) => {
    const affected = workspaces.filter((each) =>
      changed.some((one) => affectedBy(one, workspaces).includes(each)),
    );
    for (const workspace of affected) if (!(await compile(workspace))) return;
    await stopApi(api);
    api = startApi(port);
  };
  watchSources(workspaces, (changed) => {
    turn = turn.then(() => rebuild(changed));
  });
  return () => stopApi(api);
}

await main(async () => {
  await ensureInstalled();
  await ensureGenerated();
  await ensureBuilt('@moorage/api');
  const [apiPort, consolePort] = [await findFreePort(), await findFreePort()];
  await startFront({ port: PORT, apiPort, consolePort });
  const stop = await runApi(apiPort);
  console.log(`Open http://127.0.0.1:${PORT} (the first page takes a moment)`);
  const cwd = at('apps/console');
  const env = toolEnvironment(cwd, { MOORAGE_INTERNAL_URL: `http://127.0.0.1:${apiPort}` });
  const args = ['dev', '--hostname', '127.0.0.1', '--port', String(consolePort)];
  const { code } = await runLines('next', args, say('console'), { cwd, env });
  await stop();
  // The front and the watchers would keep this process alive for ever.
  process.exit(code);
});
