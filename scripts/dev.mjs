// npm run dev: API and console with reload. The API is compiled again and restarted when its sources or those of the
// packages under it change; the console runs under `next dev`, which reloads by itself and passes /api on to the API.
import { spawn } from 'node:child_process';
import { existsSync, watch } from 'node:fs';
import { ensureBuilt, ensureGenerated } from './bootstrap/build.mjs';
import { ensureInstalled } from './bootstrap/install.mjs';
import { at, bundledNode, toolEnvironment } from './bootstrap/paths.mjs';
import { main, runLines } from './bootstrap/run.mjs';
import { closureOf, listWorkspaces } from './bootstrap/workspaces.mjs';

// An editor writes a file in several steps; one compilation for all of them.
const SETTLE_MS = 150;
const API_PORT = process.env.PORT ?? '8080';
const CONSOLE_PORT = '3000';

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

function startApi() {
  const env = toolEnvironment(undefined, { MOORAGE_CONSOLE: 'off', PORT: API_PORT });
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

async function runApi() {
  const workspaces = closureOf('@moorage/api', listWorkspaces()).filter(isWatched);
  let api = startApi();
  let turn = Promise.resolve();
  const rebuild = async (changed) => {
    const affected = workspaces.filter((each) =>
      changed.some((one) => affectedBy(one, workspaces).includes(each)),
    );
    for (const workspace of affected) if (!(await compile(workspace))) return;
    await stopApi(api);
    api = startApi();
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
  const stop = await runApi();
  const cwd = at('apps/console');
  const env = toolEnvironment(cwd, { MOORAGE_API_URL: `http://127.0.0.1:${API_PORT}` });
  const args = ['dev', '--hostname', '127.0.0.1', '--port', CONSOLE_PORT];
  const { code } = await runLines('next', args, say('console'), { cwd, env });
  await stop();
  // The watchers would keep this process alive for ever.
  process.exit(code);
});
