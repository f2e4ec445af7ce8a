import { startSimulatedRegistry } from '../src/index.js';
import { describeRegistry, type RegistrySubject } from './registry-cases.js';
import { comparedImages, comparedLogin } from './registry-images.js';

async function startSimulated(): Promise<RegistrySubject> {
  const registry = await startSimulatedRegistry({
    authentication: 'basic',
    users: [comparedLogin],
    images: comparedImages,
  });
  return { url: registry.url, login: comparedLogin, stop: registry.stop };
}

describeRegistry('the simulated registry', startSimulated);
