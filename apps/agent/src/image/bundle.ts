/** The agent as one file without dependencies: what the image holds beside Node. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

// Beside this file, whether it runs from the sources or from the build.
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const entry = fileURLToPath(new URL(`../main.${extension}`, import.meta.url));
const packageFile = '../../package.json';

export async function bundleAgent(directory: string): Promise<string> {
  const { version } = createRequire(import.meta.url)(packageFile) as { version: string }; // our own file
  const file = join(directory, 'agent.mjs');
  await bundleProgram(entry, file, { AGENT_VERSION: JSON.stringify(version) });
  return file;
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
