/** What policies stopped, asked of the clusters at the moment of the request. */
import type { StoppedImages } from '@moorage/contract';
import { admissionPolicyName } from '@moorage/core';
import { describeClusterError, type KubeClient, KubeError, resourcePath } from '@moorage/kube';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { EnvironmentScope } from '../auth/actor.js';
import { ClusterConnections } from '../clusters/cluster-connections.js';
import { notFound } from '../http/problem.js';
import { inTurn } from '../policy-impacts/cluster-turns.js';
import { PolicyTargetsService } from '../policy-impacts/policy-targets.service.js';
import { ReadingSlots } from '../policy-impacts/reading-slots.js';
import { Installation } from '../sealing/installation.js';
import {
  type EventObject,
  type FailedCreation,
  gatherFailedCreations,
  readFailedCreation,
  readPolicyCounts,
} from './failed-creations.js';
import { PoliciesRepository, type PolicyClusterRow } from './policies.repository.js';

type Stopped = z.output<typeof StoppedImages>;
type Source = Stopped['sources'][number];

/** Events live an hour (kube-apiserver --event-ttl); so many of one reason are an outage. */
const MAX_EVENTS = 2_000;
const PAGE = 500;
const MAX_ITEMS = 500;
/** A busy API server has a few megabytes of metrics. */
const MAX_METRICS_BYTES = 32 * 1024 * 1024;
/** In this process: everybody who may see the environment may ask, as often as they like. */
const READINGS = { atOnce: 2, waiting: 20 };
/** Of all clusters together: somebody looks at a page that waits for it. */
const DEADLINE_MS = 30_000;

interface Question {
  /** Of the policy. */
  readonly name: string;
  readonly deadline: AbortSignal;
}

interface Answer {
  readonly source: Source;
  readonly items: readonly FailedCreation[];
  readonly truncated: boolean;
}

@Injectable()
export class StoppedImagesService {
  readonly #slots = new ReadingSlots(READINGS);

  constructor(
    private readonly repository: PoliciesRepository,
    private readonly targets: PolicyTargetsService,
    private readonly connections: ClusterConnections,
    private readonly installation: Installation,
  ) {}

  async list(scope: EnvironmentScope, clusterId: string | null): Promise<Stopped> {
    const all = await this.repository.listClusters(scope);
    const clusters = all.filter((row) => clusterId === null || row.clusterId === clusterId);
    if (clusterId !== null && clusters.length === 0) throw notFound();
    const environment = {
      id: scope.environmentId,
      name: await this.repository.environmentName(scope),
    };
    const name = admissionPolicyName({ installationId: this.installation.id, environment });
    // Whoever may write events elsewhere in a cluster says nothing on this environment's page.
    const serves = await this.targets.namespacesOf(scope.environmentId);
    const answers = await this.#slots.use(() => {
      const question = { name, deadline: AbortSignal.timeout(DEADLINE_MS) };
      return inTurn(clusters, (row) => this.#ask(row, question));
    });
    const items = answers
      .flatMap(({ source: { clusterId: id, clusterName }, items: found }) =>
        found
          .filter(({ namespace }) => serves(id, namespace))
          .map((item) => ({ clusterId: id, clusterName, ...item })),
      )
      .toSorted((a, b) => Date.parse(b.lastSeenAt) - Date.parse(a.lastSeenAt));
    return {
      items: items.slice(0, MAX_ITEMS),
      truncated: items.length > MAX_ITEMS || answers.some(({ truncated }) => truncated),
      sources: answers.map(({ source }) => source),
    };
  }

  async #ask(
    { clusterId, clusterName, simulated }: PolicyClusterRow,
    question: Question,
  ): Promise<Answer> {
    const base = { clusterId, clusterName, simulated };
    const silent = { source: { ...base, ...SILENT }, items: [], truncated: false };
    if (question.deadline.aborted) return silent;
    const answer = await this.connections.use(clusterId, 'policies', async (client) => {
      const [events, metrics] = await Promise.all([
        readEvents(client, question),
        readCounts(client, question),
      ]);
      return { source: { ...base, events: events.state, metrics }, ...events.found };
    });
    // Removed a moment ago.
    return answer ?? silent;
  }
}

const SILENT = {
  events: { state: 'unreachable', detail: null },
  metrics: { state: 'unreachable', detail: null, refused: null, warned: null },
} as const;

async function readEvents(client: KubeClient, question: Question) {
  try {
    const found = await listFailedCreations(client, question);
    return { state: { state: 'read' as const, detail: null }, found };
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    const state = error.reason === 'Forbidden' ? ('forbidden' as const) : ('unreachable' as const);
    const detail =
      state === 'forbidden'
        ? 'Our account may not list events there: what controllers were refused is not known.'
        : describeClusterError(error).detail;
    return { state: { state, detail }, found: { items: [], truncated: false } };
  }
}

async function listFailedCreations(client: KubeClient, { name, deadline }: Question) {
  const creations: FailedCreation[] = [];
  let seen = 0;
  const pages = client.listPages<EventObject>(resourcePath.events(), {
    fieldSelector: 'reason=FailedCreate',
    limit: PAGE,
    signal: deadline,
  });
  for await (const { items } of pages) {
    seen += items.length;
    for (const event of items) {
      const creation = readFailedCreation(event, name);
      if (creation !== null) creations.push(creation);
    }
    if (seen >= MAX_EVENTS) return { items: gatherFailedCreations(creations), truncated: true };
  }
  return { items: gatherFailedCreations(creations), truncated: false };
}

async function readCounts(
  client: KubeClient,
  { name, deadline }: Question,
): Promise<Source['metrics']> {
  try {
    const options = { maxBytes: MAX_METRICS_BYTES, signal: deadline };
    const text = await client.getText(resourcePath.metrics(), options);
    const detail =
      'Of one API server since it started, the dry runs included by which the policy is proven.';
    return { state: 'read', detail, ...readPolicyCounts(text, name) };
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    return { ...describeMetricsError(error), refused: null, warned: null };
  }
}

function describeMetricsError(error: KubeError): Pick<Source['metrics'], 'state' | 'detail'> {
  switch (error.reason) {
    case 'Forbidden':
      return {
        state: 'forbidden',
        detail:
          'Our account may not read the metrics of the API server: it does not say how often the policy refused.',
      };
    case 'NotFound':
    case 'NotKubernetes':
      return {
        state: 'unavailable',
        detail: 'This cluster does not offer the metrics of its API server.',
      };
    case 'ResponseTooLarge':
      return {
        state: 'unavailable',
        detail: 'The metrics of the API server are too large to be read here.',
      };
    default:
      return { state: 'unreachable', detail: describeClusterError(error).detail };
  }
}
