/** `npm run agent:image -- [FOLDER [TAG]]`: writes the agent's image as an OCI layout. */
import { resolve } from 'node:path';
import { assembleImage } from './assemble-image.js';

const [folder = 'dist/oci', tag = 'latest'] = process.argv.slice(2);
const directory = resolve(folder);
const { digest, bytes } = await assembleImage({ directory, tag });
process.stdout.write(
  `${directory}\n${digest}, ${Math.round(bytes / 1024 / 1024)} MiB of files\npush it with: skopeo copy oci:${directory}:${tag} docker://REGISTRY/moorage-agent:${tag}\n`,
);
