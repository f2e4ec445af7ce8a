/**
 * Three judges of one image name: the product's decision, the admission policy compiled from the
 * same settings in a real API server, and a second grammar (distribution-reference.ts).
 *
 * MOORAGE_IMAGE_NAMES sets how many generated names each policy gets; the default keeps the file
 * under a minute. The full size is 50,000:
 *   MOORAGE_IMAGE_NAMES=50000 npx vitest run --project kube test/image-policy.kube.ts
 *
 * Names are judged a hundred at a time: the compiled policy with only its message replaced, so
 * that the reply says for each image what the policy's own variables decided. Single requests to
 * the unchanged policy check a sample of the same names.
 */
import { type CompiledPolicy, decideImage, type ImagePolicy } from '@moorage/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasParts, type Kubernetes, startKubernetes } from '../src/index.js';
import { isIdentifier, namesDomain, parseNormalizedNamed } from './distribution-reference.js';
import { generateImageNames } from './image-names.js';
import {
  compileFor,
  dryRunPod,
  eventually,
  imagesOf,
  install,
  type PolicyTexts,
  podSpec,
  policyOf,
  selectNames,
  untilInForce,
} from './image-policy-cluster.js';

const nameCount = Number(process.env.MOORAGE_IMAGE_NAMES ?? 6_000);
const batchSize = 100;

type Verdict = 'allowed' | 'not-listed' | 'not-an-image-name';

const settings: Readonly<Record<string, PolicyTexts>> = {
  hub: {
    whitelist:
      'registry-1.docker.io, ghcr.io/org, reg.corp:5000/team/sub, localhost:5000, [::1]:5000',
    defaultRegistry: '',
  },
  proxy: {
    whitelist: 'docker.io/library, docker.io/team, localhost, quay.io, reg.corp:5000/proxy',
    defaultRegistry: 'reg.corp:5000/proxy',
  },
  closed: { whitelist: 'ghcr.io', defaultRegistry: 'ghcr.io' },
};

function verdictOfProduct(image: string, policy: ImagePolicy): Verdict {
  const { rule, outcome } = decideImage(image, policy);
  if (rule.kind === 'not-listed' || rule.kind === 'not-an-image-name') return rule.kind;
  if (outcome === 'denied') throw new Error(`denied by ${rule.kind}`);
  return 'allowed';
}

/** From the text of the settings, without the product's parsing. */
function verdictOfSecondGrammar(
  image: string,
  { whitelist, defaultRegistry }: PolicyTexts,
): Verdict {
  if (isIdentifier(image)) return 'not-an-image-name';
  const isBare = defaultRegistry !== '' && !namesDomain(image);
  const named = parseNormalizedNamed(isBare ? `${defaultRegistry}/${image}` : image);
  // No domain: distribution leaves `foo_bar.com/x` without one; it cannot be pulled as a Hub image.
  if (named === null || named.domain === '') return 'not-an-image-name';
  const hub = ['registry-1.docker.io', 'registry.hub.docker.com', 'index.docker.io'];
  const identity = (domain: string) => (hub.includes(domain) ? 'docker.io' : domain);
  const full = `${identity(named.domain)}/${named.path}/`;
  const covers = whitelist.split(', ').map((entry) => {
    const [host = '', ...path] = entry.split('/');
    return `${[identity(host), ...path].join('/')}/`;
  });
  return covers.some((prefix) => full.startsWith(prefix)) ? 'allowed' : 'not-listed';
}

/** A letter for each image, in place of the message. */
const lettersExpression =
  "variables.added.map(i, variables.refused.exists(j, j.image == i && j.name == '/') ? 'x' : variables.refused.exists(j, j.image == i) ? 'n' : 'a').join('')";

/** The same policy, whose message is the letters; without default registry, which pods alone need. */
function withLetters(compiled: CompiledPolicy): CompiledPolicy {
  if (compiled.whitelist === null) throw new Error('There is a whitelist in this test.');
  const { policy } = compiled.whitelist;
  const [validation] = policy.spec.validations as Record<string, unknown>[];
  const validations = [{ ...validation, messageExpression: `'letters:' + ${lettersExpression}` }];
  const changed = { ...policy, spec: { ...policy.spec, validations } };
  return {
    ...compiled,
    defaultRegistry: null,
    whitelist: { ...compiled.whitelist, policy: changed },
  };
}

describe.skipIf(!hasParts('kubernetes'))('generated image names', () => {
  const names = generateImageNames(nameCount, 20_261_121);
  let cluster: Kubernetes;

  beforeAll(async () => {
    cluster = await startKubernetes({ name: 'image-policy' });
    for (const [name, value] of Object.entries(settings)) {
      const letters = `letters-${name}`;
      await cluster.createNamespaces([name, letters]);
      const compiled = compileFor(name, policyOf(value), [selectNames(name)]);
      await install(cluster, compiled);
      await install(
        cluster,
        withLetters(compileFor(letters, policyOf(value), [selectNames(letters)])),
      );
      await untilInForce(cluster, name, compiled);
      await eventually(async () => {
        expect((await dryRunDeployment(letters, ['a.b/c'])).text).toContain('letters:n');
      });
    }
  });
  afterAll(() => cluster?.stop());

  function dryRunDeployment(namespace: string, images: readonly string[]) {
    const labels = { app: 'a' };
    const template = { metadata: { labels }, spec: podSpec(images) };
    return cluster.call({
      method: 'POST',
      path: `/apis/apps/v1/namespaces/${namespace}/deployments?dryRun=All`,
      body: { metadata: { name: 'd' }, spec: { selector: { matchLabels: labels }, template } },
    });
  }

  async function verdictsOfCluster(policy: string, images: readonly string[]): Promise<Verdict[]> {
    const reply = await dryRunDeployment(`letters-${policy}`, images);
    if (reply.status === 201) return images.map(() => 'allowed');
    const letters = /letters:([anx]+)/.exec(reply.text)?.[1] ?? '';
    expect(letters.length, reply.text.slice(0, 900)).toBe(images.length);
    const meaning = { a: 'allowed', n: 'not-listed', x: 'not-an-image-name' } as const;
    return [...letters].map((letter) => meaning[letter as keyof typeof meaning]);
  }

  it.each(Object.entries(settings))(
    'are judged alike by the product, the API server and the second grammar: policy %s',
    async (name, value) => {
      const policy = policyOf(value);
      const counts = { allowed: 0, 'not-listed': 0, 'not-an-image-name': 0 };
      const differences: unknown[] = [];
      await eachInParallel(chunks(names, batchSize), async (images) => {
        const real = await verdictsOfCluster(name, images);
        for (const [index, image] of images.entries()) {
          const api = real[index];
          const product = verdictOfProduct(image, policy);
          const second = verdictOfSecondGrammar(image, value);
          counts[product] += 1;
          const isSame = api === product && product === second;
          if (!isSame) differences.push({ image, api, product, second });
        }
      });
      process.stdout.write(
        `${name}: ${names.length} names, ${JSON.stringify(counts)}, ${differences.length} differences\n`,
      );
      expect(differences.slice(0, 20)).toEqual([]);
      // The names test something: each verdict is common.
      for (const count of Object.values(counts)) expect(count).toBeGreaterThan(names.length / 10);
    },
    600_000,
  );

  it.each(Object.entries(settings))(
    'run in pods under exactly the name that the product decides: policy %s',
    async (name, value) => {
      const policy = policyOf(value);
      // The API server itself refuses blanks around a pod's image, before any policy.
      const sample = names.filter((image) => image.trim() === image).slice(0, 400);
      const differences: unknown[] = [];
      await eachInParallel(sample, async (image) => {
        const decision = decideImage(image, policy);
        const reply = await dryRunPod(cluster, name, podSpec([image]));
        const expected = decision.outcome === 'denied' ? 403 : 201;
        const isSame =
          reply.status === expected && (expected === 403 || imagesOf(reply)[0] === decision.image);
        if (!isSame) differences.push({ decision, status: reply.status, ran: imagesOf(reply) });
      });
      expect(differences.slice(0, 10)).toEqual([]);
    },
    120_000,
  );
});

function chunks<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}

async function eachInParallel<T>(
  list: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...list];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}
