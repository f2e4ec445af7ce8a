import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const packages = fileURLToPath(new URL('../../', import.meta.url));

// Below node_modules, so that the compiled command finds the same dependencies as the real one, and
// apart from dist, so that a build under way elsewhere is not disturbed.
const output = `${packages}cli/node_modules/.compiled`;

/** Compiles core and the command from source into a folder of their own. */
export async function setup(): Promise<void> {
  await rm(output, { recursive: true, force: true });
  const core = `${output}/node_modules/@moorage/core`;
  await mkdir(core, { recursive: true });
  await writeFile(`${core}/package.json`, '{"type":"module","exports":"./dist/index.js"}\n');
  await writeFile(`${output}/package.json`, '{"type":"module"}\n');
  await Promise.all([compile('core', `${core}/dist`), compile('cli', `${output}/dist`)]);
}

async function compile(name: string, outDir: string): Promise<void> {
  const tsc = `${packages}../node_modules/typescript/bin/tsc`;
  // Types are the typecheck's business; here only the JavaScript counts.
  const options = ['--outDir', outDir, '--noCheck', '--customConditions', 'source'];
  await run(process.execPath, [
    tsc,
    '-p',
    `${packages}${name}/tsconfig.build.json`,
    ...options,
    '--rootDir',
    `${packages}${name}/src`,
  ]);
}
