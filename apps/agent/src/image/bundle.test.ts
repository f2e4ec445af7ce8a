import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleAgent } from './bundle.js';

const run = promisify(execFile);

describe('the bundle', () => {
  let directory: string;
  let file: string;
  let probe: string;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'agent-bundle-'));
    ({ agent: file, probe } = await bundleAgent(directory));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const start = (env: Record<string, string>) => execute(env, file);
  const execute = (env: Record<string, string>, ...args: string[]) =>
    run(process.execPath, args, { cwd: directory, env, timeout: 20_000 }).then(
      ({ stdout }) => ({ code: 0, stdout }),
      (error: { code: number; stdout: string }) => ({ code: error.code, stdout: error.stdout }),
    );

  it('starts from a folder without any dependency and names each setting that is wrong', async () => {
    const { code, stdout } = await start({ MOORAGE_AGENT_DISTRIBUTION: 'k8s' });
    expect(code).toBe(2);
    const problems = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).problem);
    expect(problems).toEqual([
      expect.stringMatching(/^MOORAGE_AGENT_NODE: /),
      expect.stringMatching(/^MOORAGE_AGENT_DISTRIBUTION: /),
      expect.stringMatching(/^KUBERNETES_SERVICE_HOST: /),
    ]);
    expect(statSync(file).size).toBeLessThan(3_000_000);
  });

  it('answers its probe by the age of the sign of life', async () => {
    const isAlive = async () => (await execute({}, probe, directory)).code === 0;
    expect(await isAlive()).toBe(false);
    await run('touch', [join(directory, 'alive')]);
    expect(await isAlive()).toBe(true);
    await run('touch', ['-d', '10 minutes ago', join(directory, 'alive')]);
    expect(await isAlive()).toBe(false);
    expect(statSync(probe).size).toBeLessThan(5_000);
  });

  it('ends cleanly and at once when it is told to, also without an API server', async () => {
    await writeFile(join(directory, 'token'), 'planted-token');
    await writeFile(join(directory, 'ca.crt'), '');
    const env = {
      MOORAGE_AGENT_NODE: 'n',
      MOORAGE_AGENT_DISTRIBUTION: 'k3s',
      MOORAGE_AGENT_RUN_DIR: directory,
      MOORAGE_AGENT_HOST_ROOT: directory,
      MOORAGE_AGENT_ACCOUNT_DIR: directory,
      KUBERNETES_SERVICE_HOST: '127.0.0.1',
      KUBERNETES_SERVICE_PORT: '1',
    };
    const agent = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    let isTold = false;
    agent.stdout.on('data', (chunk) => {
      output += String(chunk);
      if (isTold || !output.includes('cannot be watched')) return;
      isTold = agent.kill('SIGTERM');
    });
    const [code] = await once(agent, 'exit');
    expect(code).toBe(0);
    const messages = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).message);
    // On a busy machine it may have tried once more before it was told.
    expect([...new Set(messages)]).toEqual([
      'started',
      'the node config cannot be watched',
      'stopped',
    ]);
    expect(messages.at(-1)).toBe('stopped');
    expect(output).not.toContain('planted');
  });

  it('does not start to restart things without a command', async () => {
    const { stdout } = await start({
      MOORAGE_AGENT_NODE: 'n',
      MOORAGE_AGENT_DISTRIBUTION: 'k3s',
      KUBERNETES_SERVICE_HOST: '127.0.0.1',
      MOORAGE_AGENT_RESTART: 'allowed',
    });
    expect(stdout).toContain('MOORAGE_AGENT_RESTART_COMMAND: needed');
  });
});
