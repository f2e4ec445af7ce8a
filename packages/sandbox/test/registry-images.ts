/** What both registries of the suite hold. */
import type { SimulatedImage } from '../src/index.js';

export const comparedLogin = { username: 'reader', password: 'p:ss word' };

export const comparedImages: readonly SimulatedImage[] = [
  { repository: 'team-a/web', tags: ['1.0', 'latest'], platforms: ['linux/amd64', 'linux/arm64'] },
  { repository: 'team-a/worker', tags: ['1.0'], entrypoint: ['/worker'] },
];
