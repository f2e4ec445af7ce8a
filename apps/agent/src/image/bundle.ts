/** The agent and its probe, each one file without dependencies: what the image holds beside Node. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

// Beside this file, whether it runs from the sources or from the build.
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const source = (name: string) => fileURLToPath(new URL(`../${name}.${extension}`, import.meta.url));
const packageFile = '../../package.json';

export interface AgentBundle {
  readonly agent: string;
  readonly probe: string;
}

export async function bundleAgent(directory: string): Promise<AgentBundle> {
  const { version } = createRequire(import.meta.url)(packageFile) as { version: string }; // our own file
  const agent = join(directory, 'agent.mjs');
  const probe = join(directory, 'alive.mjs');
  await bundleProgram(source('main'), agent, { AGENT_VERSION: JSON.stringify(version) });
  await bundleProgram(source('alive'), probe);
  return { agent, probe };
}

/** One file that Node runs by itself; `define` puts texts of JavaScript in place of names. */
export async function bundleProgram(
  input: string,
  file: string,
  define: Readonly<Record<string, string>> = {},
): Promise<void> {
  await build({
    input,
    platform: 'node',
    logLevel: 'warn',
    transform: { define: { ...define }, target: 'node24' },
    resolve: {
      conditionNames: [...(extension === 'ts' ? ['source'] : []), 'import', 'node', 'default'],
      extensionAlias: { '.js': ['.ts', '.js'] },
    },
    output: { file, format: 'esm', codeSplitting: false },
  });
}
