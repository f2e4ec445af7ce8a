import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { hasParts, startRegistry } from '@moorage/testbed';
import { describe } from 'vitest';
import { startSimulatedRegistry } from '../src/index.js';
import { describeRegistry, type RegistrySubject } from './registry-cases.js';
import { comparedImages, comparedLogin } from './registry-images.js';

const run = promisify(execFile);

/** skopeo copies the simulated registry into the real one: a stock client must read it whole. */
async function startReal(): Promise<RegistrySubject> {
  const source = await startSimulatedRegistry({ images: comparedImages });
  const registry = await startRegistry({ htpasswd: [comparedLogin] });
  const credentials = `${comparedLogin.username}:${comparedLogin.password}`;
  for (const { repository, tags } of comparedImages) {
    for (const tag of tags) {
      await run('skopeo', [
        ...[
          '--insecure-policy',
          'copy',
          '--all',
          '--src-tls-verify=false',
          '--dest-tls-verify=false',
        ],
        ...['--src-no-creds', '--dest-creds', credentials],
        `docker://${source.address}/${repository}:${tag}`,
        `docker://${registry.address}/${repository}:${tag}`,
      ]);
    }
  }
  await source.stop();
  return { url: registry.url, login: comparedLogin, stop: registry.stop };
}

describe.skipIf(!hasParts('registry'))('docker-registry', () => {
  describeRegistry('a real registry', startReal);
});
