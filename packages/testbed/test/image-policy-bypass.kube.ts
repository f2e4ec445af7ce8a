/**
 * Ways around a whitelist, each tried against a real API server: every kind that carries images
 * and every place in it, every way to change one, and names that look like an allowed one.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasParts, type Kubernetes, startKubernetes } from '../src/index.js';
import {
  compileFor,
  dryRunPod,
  imagesOf,
  install,
  podSpec,
  policyOf,
  selectNames,
  untilInForce,
} from './image-policy-cluster.js';

const namespace = 'guarded-one';
const allowed = 'ghcr.io/org/app:1';
const refused = 'evil.io/org/app:1';
const policy = policyOf({
  whitelist: 'ghcr.io/org, docker.io/library',
  defaultRegistry: 'reg.corp:5000/proxy',
});
type Spec = Readonly<Record<string, unknown>>;

const labels = { app: 'a' };
const template = (spec: Spec) => ({ metadata: { labels }, spec });
const selected = (spec: Spec) => ({ selector: { matchLabels: labels }, template: template(spec) });
const restarting = (spec: Spec) => ({ ...spec, restartPolicy: 'Never' });

/** Every built-in kind that carries a pod spec: its collection, and the object around the spec. */
const kinds: readonly (readonly [string, string, (spec: Spec) => Spec])[] = [
  ['Pod', 'api/v1|pods', (spec) => ({ spec })],
  ['PodTemplate', 'api/v1|podtemplates', (spec) => ({ template: template(spec) })],
  [
    'ReplicationController',
    'api/v1|replicationcontrollers',
    (spec) => ({ spec: { selector: labels, template: template(spec) } }),
  ],
  ['Deployment', 'apis/apps/v1|deployments', (spec) => ({ spec: selected(spec) })],
  ['ReplicaSet', 'apis/apps/v1|replicasets', (spec) => ({ spec: selected(spec) })],
  ['DaemonSet', 'apis/apps/v1|daemonsets', (spec) => ({ spec: selected(spec) })],
  [
    'StatefulSet',
    'apis/apps/v1|statefulsets',
    (spec) => ({ spec: { ...selected(spec), serviceName: 's' } }),
  ],
  ['Job', 'apis/batch/v1|jobs', (spec) => ({ spec: { template: template(restarting(spec)) } })],
  [
    'CronJob',
    'apis/batch/v1|cronjobs',
    (spec) => ({
      spec: {
        schedule: '0 0 * * *',
        jobTemplate: { spec: { template: template(restarting(spec)) } },
      },
    }),
  ],
];

const places: Readonly<Record<string, (image: string) => Spec>> = {
  container: (image) => podSpec([allowed, image]),
  'init container': (image) => ({
    ...podSpec([allowed]),
    initContainers: [{ name: 'first', image }],
  }),
  sidecar: (image) => ({
    ...podSpec([allowed]),
    initContainers: [{ name: 'side', image, restartPolicy: 'Always' }],
  }),
  'image volume': (image) => ({
    ...podSpec([allowed]),
    volumes: [{ name: 'v', image: { reference: image } }],
  }),
};

describe.skipIf(!hasParts('kubernetes'))('around the whitelist', () => {
  let cluster: Kubernetes;

  beforeAll(async () => {
    cluster = await startKubernetes({ name: 'image-policy-bypass' });
    await cluster.createNamespaces([namespace, 'elsewhere']);
    await create('Deployment', podSpec([refused]), 'before');
    await create('Pod', podSpec(['bare:1', refused]), 'before');
    const compiled = compileFor('guarded', policy, [selectNames('guarded-*')]);
    await install(cluster, compiled);
    await untilInForce(cluster, namespace, compiled);
    await create('Pod', podSpec([allowed]), 'running');
    await create('Deployment', podSpec([allowed]), 'running');
  });
  afterAll(() => cluster?.stop());

  const pathOf = (kind: string, where = namespace) => {
    const [, place = ''] = kinds.find(([name]) => name === kind) ?? [];
    const [root, collection] = place.split('|');
    return `/${root}/namespaces/${where}/${collection}`;
  };
  const objectOf = (kind: string, spec: Spec, name: string) => {
    const [, , around] = kinds.find(([known]) => known === kind) ?? [];
    return { metadata: { name, labels }, ...around?.(spec) };
  };
  const post = (path: string, body: unknown) => cluster.call({ method: 'POST', path, body });
  const patch = (path: string, body: unknown, type = 'strategic-merge-patch') =>
    cluster.call({ method: 'PATCH', path, body, contentType: `application/${type}+json` });
  const get = (path: string) => cluster.call({ path });

  async function create(kind: string, spec: Spec, name: string): Promise<void> {
    const reply = await post(pathOf(kind), objectOf(kind, spec, name));
    expect(reply.status, reply.text).toBe(201);
  }

  it.each(kinds.flatMap(([kind]) => Object.keys(places).map((place) => [kind, place] as const)))(
    'a %s with a refused %s is not created, with an allowed one it is',
    async (kind, place) => {
      const ask = (image: string) =>
        post(`${pathOf(kind)}?dryRun=All`, objectOf(kind, places[place]?.(image) ?? {}, 'new'));
      const no = await ask(refused);
      expect(no.status, no.text).toBe(403);
      expect(no.text).toContain('Image \\"evil.io/org/app:1\\" may not run here');
      const yes = await ask(allowed);
      expect(yes.status, yes.text).toBe(201);
    },
  );

  it.each([
    ['a longer host', 'ghcr.io.evil.com/org/app'],
    ['a host that ends alike', 'evilghcr.io/org/app'],
    ['a longer path component', 'ghcr.io/organic/app'],
    ['the parent of the path', 'ghcr.io/app'],
    ['the path elsewhere', 'ghcr.io/x/org/app'],
    ['the allowed name as a path', 'evil.io/ghcr.io/org/app'],
    ['upper case', 'GHCR.io/org/app'],
    ['a written port', 'ghcr.io:443/org/app'],
    ['a closing dot', 'ghcr.io./org/app'],
    ['a digest', `evil.io/org/app@sha256:${'a'.repeat(64)}`],
    ['tag and digest', `evil.io/org/app:1@sha256:${'a'.repeat(64)}`],
    ['an allowed name as user name', 'ghcr.io@evil.io/org/app'],
    ['an allowed name as tag', 'evil.io/app:ghcr.io'],
    ['a scheme', 'https://ghcr.io/org/app'],
    ['an empty path component', 'ghcr.io//org/app'],
    ['dots in the path', 'ghcr.io/org/../evil/app'],
    ['a line break', 'ghcr.io/org/app\nevil.io/app'],
    ['a NUL', 'ghcr.io/org/app\u0000'],
    ['an image id', 'f'.repeat(64)],
    ['an account on Docker Hub', 'docker.io/evil/app'],
    ['another name of Docker Hub', 'registry-1.docker.io/evil/app'],
    ['a look-alike of Docker Hub', 'docker.io.evil.com/library/nginx'],
    ['a path on the default registry', 'reg.corp:5000/proxies/app'],
  ])('%s does not pass for an allowed image', async (_, image) => {
    for (const kind of ['Pod', 'Deployment', 'CronJob']) {
      const reply = await post(
        `${pathOf(kind)}?dryRun=All`,
        objectOf(kind, podSpec([image]), 'new'),
      );
      expect(reply.status, `${kind}: ${reply.text}`).toBe(403);
    }
  });

  it('a refusal names the image, its registry, the policy, and what to do', async () => {
    const messageOf = async (...images: string[]) => {
      const reply = await dryRunPod(cluster, namespace, podSpec(images));
      return (reply.json as { message: string }).message.replace(/^.*denied request: /, '');
    };
    const signature = expect.stringMatching(/ \[moorage-7d8f3c1e-guarded [0-9a-f]{12}\]$/);
    const notListed = await messageOf(refused, 'evil.io/two', allowed);
    expect(notListed).toEqual(signature);
    expect(notListed).toContain(
      'Image "evil.io/org/app:1" (and 1 more) may not run here: the whitelist of environment guarded allows no such image of registry "evil.io". Use an image of ghcr.io/org, docker.io/library, reg.corp:5000/proxy, or ask an owner of the environment to allow this one.',
    );
    const unreadable = await messageOf(`ghcr.io/org/a\n${'x'.repeat(3_000)}`);
    expect(unreadable).toEqual(signature);
    expect(unreadable).toMatch(/^Image "ghcr\.io\/org\/a\\nx{105}…" is not a valid image name/);
  });

  it('a debug container is judged, and a bare one gets the default registry', async () => {
    const path = `${pathOf('Pod')}/running/ephemeralcontainers`;
    const add = (image: string, name: string) =>
      patch(path, { spec: { ephemeralContainers: [{ name, image }] } });
    expect((await add(refused, 'no')).status).toBe(403);
    expect((await add(allowed, 'yes')).status).toBe(200);
    const bare = await add('busybox', 'bare');
    expect(bare.status, bare.text).toBe(200);
    expect(bare.text).toContain('"image":"reg.corp:5000/proxy/busybox"');
    expect(bare.text).toContain(`"image":"${allowed}"`);
  });

  it.each([
    ['strategic-merge-patch+json', { spec: podSpec([refused]) }],
    ['merge-patch+json', { spec: podSpec([refused]) }],
    ['json-patch+json', [{ op: 'replace', path: '/spec/containers/0/image', value: refused }]],
    [
      'apply-patch+yaml',
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'running' }, spec: podSpec([refused]) },
    ],
  ])('a running pod does not get a refused image by %s', async (type, body) => {
    const force = type.startsWith('apply') ? '&force=true' : '';
    const path = `${pathOf('Pod')}/running?fieldManager=test${force}`;
    const contentType = `application/${type}`;
    const reply = await cluster.call({ method: 'PATCH', path, body, contentType });
    expect(reply.status, reply.text).toBe(403);
  });

  it.each(['status', 'resize', 'binding', 'eviction', 'ephemeralcontainers'])(
    'the subresource %s of a pod smuggles no image in',
    async (subresource) => {
      const body = { spec: { containers: [{ name: 'c0', image: refused }] } };
      await patch(`${pathOf('Pod')}/running/${subresource}`, body);
      expect(imagesOf(await get(`${pathOf('Pod')}/running`))).toEqual([allowed]);
    },
  );

  it.each(['status', 'scale'])(
    'the subresource %s of a deployment neither',
    async (subresource) => {
      const containers = [{ name: 'c0', image: refused }];
      await patch(
        `${pathOf('Deployment')}/running/${subresource}`,
        { spec: { template: { spec: { containers } } } },
        'merge-patch',
      );
      expect((await get(`${pathOf('Deployment')}/running`)).text).not.toContain(refused);
    },
  );

  it('what existed before keeps its image, and can be labelled, scaled and corrected', async () => {
    const path = `${pathOf('Deployment')}/before`;
    const containers = (...images: string[]) => ({ spec: { template: { spec: podSpec(images) } } });
    const statusOf = async (body: unknown) => (await patch(path, body)).status;
    expect(await statusOf({ metadata: { labels: { more: 'yes' }, finalizers: ['a.b/c'] } })).toBe(
      200,
    );
    expect(await statusOf({ spec: { replicas: 3 } })).toBe(200);
    expect((await patch(`${path}/scale`, { spec: { replicas: 2 } }, 'merge-patch')).status).toBe(
      200,
    );
    expect(await statusOf(containers(refused, 'evil.io/org/app:2'))).toBe(403);
    expect(await statusOf(containers('evil.io/org/app:2'))).toBe(403);
    expect(await statusOf(containers(allowed))).toBe(200);
    expect(await statusOf(containers(refused))).toBe(403);
  });

  it('a pod from before is not rewritten when somebody labels it', async () => {
    const reply = await patch(`${pathOf('Pod')}/before`, { metadata: { labels: { more: 'yes' } } });
    expect(reply.status, reply.text).toBe(200);
    expect(imagesOf(reply)).toEqual(['bare:1', refused]);
  });

  it('bare names of a new pod get the default registry in every place', async () => {
    const reply = await dryRunPod(cluster, namespace, {
      ...podSpec(['nginx', 'team/app:1', allowed, 'docker.io/nginx']),
      initContainers: [{ name: 'first', image: 'busybox:1' }],
      volumes: [
        { name: 'none', emptyDir: {} },
        { name: 'v', image: { reference: 'data@sha256:'.concat('b'.repeat(64)) } },
      ],
    });
    expect(reply.status, reply.text).toBe(201);
    const proxied = 'reg.corp:5000/proxy';
    expect(imagesOf(reply)).toEqual([
      `${proxied}/nginx`,
      `${proxied}/team/app:1`,
      allowed,
      'docker.io/nginx',
    ]);
    expect(reply.text).toContain(`"image":"${proxied}/busybox:1"`);
    expect(reply.text).toContain(`"reference":"${proxied}/data@sha256:`);
  });

  it('a namespace made later is guarded from its first request; one not selected never', async () => {
    await cluster.createNamespace('guarded-later');
    expect((await dryRunPod(cluster, 'guarded-later', podSpec([refused]))).status).toBe(403);
    const free = await dryRunPod(cluster, 'elsewhere', podSpec([refused, 'nginx']));
    expect(free.status).toBe(201);
    expect(imagesOf(free)).toEqual([refused, 'nginx']);
  });

  it('a selection by labels follows the labels of the namespace', async () => {
    await cluster.createNamespace('labelled', { labels: { tier: 'prod' } });
    await cluster.createNamespace('labelled-not', { labels: { tier: 'test' } });
    const byLabel = { include: ['labelled*'], exclude: ['*-x'], matchLabels: { tier: 'prod' } };
    const compiled = compileFor('labels', policy, [byLabel, selectNames('other')]);
    await install(cluster, compiled);
    await untilInForce(cluster, 'labelled', compiled);
    const free = await dryRunPod(cluster, 'labelled-not', podSpec([refused, 'nginx']));
    expect(free.status, free.text).toBe(201);
    expect(imagesOf(free)).toEqual([refused, 'nginx']);
  });

  it('in mode warn the image runs and the client is warned', async () => {
    await cluster.createNamespace('warned');
    const compiled = compileFor('warned', { ...policy, mode: 'warn' }, [selectNames('warned')]);
    await install(cluster, compiled);
    await untilInForce(cluster, 'warned', compiled);
    const reply = await dryRunPod(cluster, 'warned', podSpec([refused]));
    expect(reply.status).toBe(201);
    expect(String(reply.headers.warning)).toContain('registry \\"evil.io\\"');
  });

  it('a list that allows nothing refuses everything', async () => {
    await cluster.createNamespace('nothing');
    const nothing = { ...policy, whitelist: [], defaultRegistry: null };
    const compiled = compileFor('nothing', nothing, [selectNames('nothing')]);
    await install(cluster, compiled);
    await untilInForce(cluster, 'nothing', compiled);
    expect((await dryRunPod(cluster, 'nothing', podSpec(['nginx']))).status).toBe(403);
  });

  it('the longest list and many containers stay within the cost limit of the API server', async () => {
    await cluster.createNamespace('long');
    const entries = Array.from(
      { length: 2_000 },
      (_, index) =>
        `registry-${index}.long-name.example.com:5000/team-${index}${'/sub'.repeat(index % 5)}`,
    );
    const long = policyOf({ whitelist: entries.join(','), defaultRegistry: '' });
    const compiled = compileFor('long', long, [selectNames('long')]);
    await install(cluster, compiled);
    await untilInForce(cluster, 'long', compiled);
    const images = Array.from(
      { length: 200 },
      (_, index) => `${entries[index * 9]}/app-${index}:1`,
    );
    const yes = await dryRunPod(cluster, 'long', podSpec(images));
    expect(yes.status, yes.text.slice(0, 500)).toBe(201);
    const no = await dryRunPod(cluster, 'long', podSpec([...images, refused]));
    expect(no.status).toBe(403);
    expect(no.text).toContain('or 1995 more on the list');
  });
});
