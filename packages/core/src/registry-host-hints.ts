/**
 * Refusals of registry addresses that need knowledge of what people mistype: names that look like
 * Docker Hub, wildcards, IPv6 without brackets, names outside ASCII. Suggestions are hints for a
 * person and are never applied by themselves.
 */
import type { AddressError } from './address-error.js';
import { dockerHubRegistry, isDockerHub } from './docker-hub.js';

// What is typed for "Docker Hub", and Docker's web sites, none of which serves images.
const dockerHubWords: ReadonlySet<string> = new Set(['docker', 'dockerhub', 'docker-hub', 'hub']);
const dockerHubLookalikes: ReadonlySet<string> = new Set([
  'docker.com',
  'docker.hub',
  'docker.io.com',
  'docker.org',
  'docker-hub.com',
  'docker-hub.io',
  'dockerhub.com',
  'dockerhub.io',
  'hub.docker',
]);
/** Refuses hosts under Docker's domains, or imitating them, that are not the registry itself. */
export function explainDockerHubLookalike(host: string, port: string): AddressError | null {
  if (isDockerHub(host)) {
    return port === ''
      ? null
      : lookalike('With a port this is another registry than Docker Hub to every image name.');
  }
  const word = port === '' && dockerHubWords.has(host);
  const imitation = dockerHubLookalikes.has(host) || /\.docker\.(?:com|io)$/.test(host);
  return word || imitation ? lookalike('This is not the address of Docker Hub.') : null;
}

function lookalike(detail: string): AddressError {
  return { code: 'address.lookalike', detail, suggestion: dockerHubRegistry };
}

/** Why a host is not one, with the most likely intention. */
export function explainBadHost(host: string): AddressError {
  if (host.includes('*')) {
    return {
      code: 'address.wildcard',
      detail: 'A registry is one address; wildcards are not possible.',
    };
  }
  if (/^[0-9a-f:.]+$/.test(host) && URL.canParse(`http://[${host}]/`)) {
    return {
      code: 'address.bad-host',
      detail: 'An IPv6 address stands in brackets.',
      suggestion: new URL(`http://[${host}]/`).hostname,
    };
  }
  return {
    code: 'address.bad-host',
    detail:
      'A host name is letters, digits and dashes, in parts of at most 63 separated by single dots; a port may follow.',
  };
}

/** The punycode form of an authority outside ASCII, or undefined if it has none. */
export function suggestAscii(authority: string): string | undefined {
  const url = `http://${authority}/`;
  if (/[\s\\]/.test(authority) || !URL.canParse(url)) return undefined;
  return new URL(url).host;
}
