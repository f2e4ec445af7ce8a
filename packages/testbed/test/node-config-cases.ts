/**
 * Environments for real nodes, and what a pull through the files rendered from them must do. The
 * two registries hold the same images: `harbor` speaks TLS with an authority of its own and wants a
 * login, `plain` speaks http and is open.
 */
import { type NodeConfigModel, type NodeConfigRegistry, SecretText } from '@moorage/core';

export interface CaseWorld {
  /** `harbor.example.com:<port>` */
  readonly harbor: string;
  readonly plain: string;
  readonly caCertificate: string;
}

export type Engine = 'containerd-hosts' | 'k3s-registries.yaml' | 'crio';

export interface NodeConfigCase {
  readonly name: string;
  readonly model: NodeConfigModel;
  readonly image: string;
  /** The login of the pod's pull secret. */
  readonly podLogin?: { readonly username: string; readonly password: string };
  /** Whose answer the pull ends with; null: it fails. */
  readonly servedBy: 'harbor' | 'plain' | null;
  /** A request that registry must have seen. */
  readonly request?: string;
  /** Where it ends otherwise, because that engine cannot express it. */
  readonly except?: Partial<Record<Engine, 'harbor' | 'plain' | null>>;
}

export const nodeLogin = { username: 'robot', password: 'p"a\\ss word' };
const wrong = { username: 'robot', password: 'guess' };

export function nodeConfigCases(world: CaseWorld): readonly NodeConfigCase[] {
  return [...registryCases(world), ...mirrorCases(world)];
}

function registryCases({ harbor, plain, caCertificate }: CaseWorld): readonly NodeConfigCase[] {
  const trusting = { tls: { caCertificate, insecureSkipVerify: false } };
  const image = `${harbor}/team/app:1`;
  const on = (overrides: Partial<NodeConfigRegistry>): NodeConfigModel => ({
    mirrors: [],
    registries: [buildRegistry(harbor, overrides)],
  });
  return [
    {
      name: 'authority and login',
      model: on({ ...trusting, ...loginOf(nodeLogin) }),
      image,
      servedBy: 'harbor',
    },
    { name: 'login without the authority', model: on(loginOf(nodeLogin)), image, servedBy: null },
    {
      name: 'unverified TLS with a login',
      model: on({ tls: { insecureSkipVerify: true }, ...loginOf(nodeLogin) }),
      image,
      servedBy: 'harbor',
    },
    { name: 'authority without a login', model: on(trusting), image, servedBy: null },
    {
      name: 'authority and a wrong password',
      model: on({ ...trusting, ...loginOf(wrong) }),
      image,
      servedBy: null,
    },
    {
      name: 'a login that stays in pull secrets',
      model: on({ ...trusting, ...loginOf(nodeLogin), deliver: 'pull-secret' }),
      image,
      servedBy: null,
    },
    {
      name: 'authority on nodes, login in the pull secret',
      model: on({ ...trusting, ...loginOf(nodeLogin), deliver: 'pull-secret' }),
      image,
      podLogin: nodeLogin,
      servedBy: 'harbor',
    },
    {
      name: 'a registry that speaks http',
      model: { mirrors: [], registries: [buildRegistry(plain, { scheme: 'http' })] },
      image: `${plain}/team/app:1`,
      servedBy: 'plain',
    },
    {
      name: 'http that nobody was told of',
      model: { mirrors: [], registries: [buildRegistry(plain, {})] },
      image: `${plain}/team/app:1`,
      servedBy: null,
    },
  ];
}

function mirrorCases(world: CaseWorld): readonly NodeConfigCase[] {
  const { harbor, plain } = world;
  const model = (registry: string, endpoints: readonly string[]): NodeConfigModel => ({
    mirrors: [{ registry, endpoints, rewrites: [] }],
    registries: [trusted(world)],
  });
  return [
    {
      name: 'a mirror of Docker Hub with login',
      model: model('docker.io', [`https://${harbor}`]),
      image: 'docker.io/library/nginx:1',
      servedBy: 'harbor',
      request: '/v2/library/nginx/manifests/1',
    },
    {
      name: 'a dead mirror before a living one',
      model: model('registry.example.com', ['https://dead.example.com', `http://${plain}`]),
      image: 'registry.example.com/team/app:1',
      servedBy: 'plain',
    },
    {
      name: 'a mirror that lacks the image before one that has it',
      model: model('registry.example.com', [`https://${harbor}`, `http://${plain}`]),
      image: 'registry.example.com/only-plain:1',
      servedBy: 'plain',
    },
    {
      name: 'a mirror for every registry',
      model: model('*', [`http://${plain}`]),
      image: 'other.example.com/team/app:1',
      servedBy: 'plain',
      except: { crio: null },
    },
    {
      name: 'a project of the mirror as API root',
      model: model('docker.io', [`https://${harbor}/v2/proxy`]),
      image: 'docker.io/team/app:1',
      servedBy: 'harbor',
      request: '/v2/proxy/team/app/manifests/1',
    },
    {
      name: 'an API root that the mirror does not have',
      model: model('docker.io', [`https://${harbor}/custom`]),
      image: 'docker.io/team/app:1',
      servedBy: null,
    },
    {
      name: 'the pull secret of another registry, which the mirror gets instead',
      model: model('registry.example.com', [`https://${harbor}`]),
      image: 'registry.example.com/team/app:1',
      podLogin: wrong,
      servedBy: null,
    },
    rewriteCase(world),
  ];
}

/** Only K3s' containerd and CRI-O rewrite; the stock one asks for the name as it is. */
function rewriteCase(world: CaseWorld): NodeConfigCase {
  const rewrites = [{ pattern: '^library/(.*)', replacement: 'hub/$1' }];
  return {
    name: 'a rewrite of a leading path',
    model: {
      mirrors: [{ registry: 'docker.io', endpoints: [`https://${world.harbor}`], rewrites }],
      registries: [trusted(world)],
    },
    image: 'docker.io/library/redis:1',
    servedBy: 'harbor',
    request: '/v2/hub/redis/manifests/1',
    except: { 'containerd-hosts': null, 'k3s-registries.yaml': null },
  };
}

function trusted({ harbor, caCertificate }: CaseWorld): NodeConfigRegistry {
  const tls = { caCertificate, insecureSkipVerify: false };
  return buildRegistry(harbor, { tls, ...loginOf(nodeLogin) });
}

function loginOf({ username, password }: { username: string; password: string }) {
  const credential = { id: 'login', username, password: SecretText.of(password) };
  return { credential, deliver: 'nodes' as const };
}

function buildRegistry(
  address: string,
  overrides: Partial<NodeConfigRegistry>,
): NodeConfigRegistry {
  return {
    id: address,
    address,
    deliver: 'both',
    scheme: 'https',
    tls: { insecureSkipVerify: false },
    credential: null,
    scopedCredentials: [],
    ...overrides,
  };
}
