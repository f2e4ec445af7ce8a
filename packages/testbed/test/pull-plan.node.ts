/**
 * Pull plans against a real containerd. What is compared: which hosts are asked, in which order,
 * with which URL and whose login, and whether the pull succeeds. The node's files are those that
 * K3s would write for the same `registries.yaml`, read here by stock containerd.
 *
 * What only K3s' containerd does (rewrites, switching the default endpoint off) cannot be shown with
 * Debian's. With `MOORAGE_K3S_CONTAINERD=/var/lib/rancher/k3s/data/current/bin/containerd`, or another
 * build of K3s' fork, the same comparison is made with that program too.
 */
import {
  type CheckedHost,
  checkRegistriesYaml,
  formatAuthStanzas,
  loadRegistriesYaml,
  planPull,
} from '@moorage/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasParts } from '../src/index.js';
import { createTemporaryDirectory } from '../src/temporary-directory.js';
import { type BareContainerd, createBareContainerd } from './bare-containerd.js';
import { type MirrorWorld, startMirrorWorld } from './mirror-world.js';
import {
  generateConfiguration,
  generateLogins,
  type PullConfiguration,
} from './pull-configurations.js';
import {
  type Asked,
  asContainerd16,
  asContainerd17,
  describeSightings,
  predict,
} from './pull-prediction.js';

/** More by MOORAGE_PULL_CONFIGURATIONS, others by MOORAGE_PULL_SEED. */
const wanted = Number(process.env.MOORAGE_PULL_CONFIGURATIONS ?? 240);
const firstSeed = Number(process.env.MOORAGE_PULL_SEED ?? 1);
/** Configurations between two starts of containerd: they share the node's logins. */
const batchSize = 40;

interface Comparison {
  readonly asked: readonly Asked[];
  readonly predicted: readonly string[];
  readonly seen: readonly string[];
  readonly succeedsAsPredicted: boolean;
  readonly succeeds: boolean;
}

interface Totals {
  readonly differences: unknown[];
  readonly counts: Map<string, number>;
}

interface Flavour {
  readonly name: string;
  readonly engine: 'containerd' | 'k3s-containerd';
  readonly program: string;
  readonly asMade: typeof asContainerd16;
}

const k3sProgram = process.env.MOORAGE_K3S_CONTAINERD;
const flavours: readonly Flavour[] = [
  { name: 'stock containerd', engine: 'containerd', program: 'containerd', asMade: asContainerd16 },
  ...(k3sProgram === undefined
    ? []
    : [
        {
          name: "K3s' containerd",
          engine: 'k3s-containerd',
          program: k3sProgram,
          asMade: asContainerd17,
        } as const,
      ]),
];

describe.skipIf(!hasParts('node')).each(flavours)('a pull plan for $name', (flavour) => {
  const directory = createTemporaryDirectory('pull-plan');
  let world: MirrorWorld;
  let containerd: BareContainerd;

  beforeAll(async () => {
    world = await startMirrorWorld(directory.path);
    const { hostsFile, caFiles } = world;
    const systemCaFile = caFiles.public;
    const { program } = flavour;
    containerd = createBareContainerd({
      directory: directory.path,
      program,
      hostsFile,
      systemCaFile,
    });
  });
  afterAll(async () => {
    await containerd?.stop();
    await world?.stop();
    await directory.remove();
  });

  async function compare(configuration: PullConfiguration): Promise<Comparison> {
    const { image, registriesYaml, disableDefaultEndpoint, podLogin } = configuration;
    const question = { image, engine: flavour.engine, registriesYaml } as const;
    const pullSecrets = podLogin === null ? [] : [{ auths: { [registryKeyOf(image)]: podLogin } }];
    const planned = planPull({ ...question, disableDefaultEndpoint, pullSecrets });
    if (!planned.ok) throw new Error(`no plan for ${image}`);
    const settings = {
      document: registriesYaml,
      distribution: 'k3s',
      disableDefaultEndpoint,
    } as const;
    const { hosts } = checkRegistriesYaml(settings);
    const texts = Object.entries(hosts).map(([name, { hostsToml }]) => [name, hostsToml]);
    containerd.configureHosts(Object.fromEntries(texts));
    world.arrange(configuration.manners);
    const isRejected = planned.value.warnings.some(
      ({ code }) => code === 'pull-plan.hosts-toml-rejected',
    );
    const host = isRejected ? undefined : hosts[planned.value.directory ?? ''];
    const asked = flavour.asMade(planned.value, writtenUrls(host, image, world.loopback));
    const predicted = predict(planned.value, asked, world);
    const succeeds = (await containerd.pull(image, podLogin)) === null;
    return {
      asked,
      predicted: predicted.seen,
      seen: describeSightings(world.sightings()),
      succeedsAsPredicted: predicted.succeeds === succeeds,
      succeeds,
    };
  }

  async function runAll(): Promise<Totals> {
    const totals: Totals = { differences: [], counts: new Map() };
    for (let index = 0; index < wanted; index += 1) {
      const logins = generateLogins(firstSeed * 1_000 + Math.floor(index / batchSize), world);
      const configuration = generateConfiguration(firstSeed * 1_000_000 + index, logins, world);
      if (index % batchSize === 0) {
        await containerd.restart(authStanzas(configuration.registriesYaml));
      }
      count(totals, configuration, await compare(configuration));
    }
    return totals;
  }

  it(`names the requests that registries and mirrors see, in ${wanted} configurations`, {
    timeout: 60_000 + wanted * 1_000,
  }, async () => {
    const { differences, counts } = await runAll();
    process.stderr.write(`${JSON.stringify(Object.fromEntries(counts))}\n`);
    expect(differences).toEqual([]);
    // The generator reaches what this test is for.
    for (const kind of kinds) expect(counts.get(kind) ?? 0, kind).toBeGreaterThan(0);
  });
});

const kinds = [
  ...['pulled', 'refused', 'by digest', 'through _default or none', 'several attempts seen'],
  ...['with a login', 'pod login', 'TLS failure', 'mirror query', 'path', 'with rewrites'],
];

function count(totals: Totals, configuration: PullConfiguration, comparison: Comparison): void {
  const { image, registriesYaml, podLogin } = configuration;
  const { asked, predicted, seen, succeeds, succeedsAsPredicted } = comparison;
  const add = (kind: string, amount: number | boolean) =>
    totals.counts.set(kind, (totals.counts.get(kind) ?? 0) + Number(amount));
  add('requests compared', predicted.length);
  add('pulled', succeeds);
  add('refused', !succeeds);
  add('by digest', image.includes('@'));
  add('through _default or none', !registriesYaml.includes(`"${registryKeyOf(image)}"`));
  add('several attempts seen', seen.length > 1);
  add(
    'with a login',
    seen.some((line) => / as (?!nobody)/.test(line)),
  );
  add('pod login', podLogin !== null);
  add(
    'TLS failure',
    seen.some((line) => line.startsWith('TLS')),
  );
  add(
    'mirror query',
    seen.some((line) => line.includes('?ns=')),
  );
  add(
    'path',
    seen.some((line) => /\/(prefix|proxy)\//.test(line)),
  );
  add('with rewrites', registriesYaml.includes('"rewrite"') && seen.length > 0);
  add('attempts by http with TLS settings', asked.filter((a) => a.isFallback).length);
  if (JSON.stringify(predicted) !== JSON.stringify(seen) || !succeedsAsPredicted) {
    totals.differences.push({ ...configuration, ...comparison });
  }
}

/** The URLs behind a plan's attempts as the node's file writes them. */
function writtenUrls(host: CheckedHost | undefined, image: string, loopback: string) {
  const own = image.startsWith(loopback) ? `http://${loopback}` : null;
  const endpoints = host?.endpoints ?? [];
  return [...endpoints.map(({ url }) => url), host?.default?.url || own];
}

function registryKeyOf(image: string): string {
  const first = image.includes('/') ? (image.split('/')[0] ?? '') : 'docker.io';
  return first === 'index.docker.io' ? 'docker.io' : first;
}

/** K3s writes them for version 3; 1.6 reads version 2, where the same tables have another prefix. */
function authStanzas(document: string): string {
  const loaded = loadRegistriesYaml(document);
  if (!loaded.loads) throw new Error('the document does not load');
  return formatAuthStanzas(loaded.file, (secret) => secret.reveal()).replaceAll(
    "'io.containerd.cri.v1.images'",
    "'io.containerd.grpc.v1.cri'",
  );
}
