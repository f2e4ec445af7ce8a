/**
 * What runs in a cluster, read page by page and handed on object by object: nothing of it is kept.
 *
 * Lists go over all namespaces at once, as our identity may: thousands of calls for thousands of
 * namespaces would take minutes. A kind that a cluster does not serve has no objects there.
 */
import {
  type JudgedKind,
  judgedKinds,
  type RunningWorkload,
  readWorkload,
  type SelectableNamespace,
} from '@moorage/core';
import {
  describeClusterError,
  isKubeError,
  type KubeClient,
  KubeError,
  type NamespaceObject,
  resourcePath,
} from '@moorage/kube';
import { Injectable } from '@nestjs/common';
import { readAdmissionVersions } from '../clusters/admission-resources.js';
import { ClusterConnections } from '../clusters/cluster-connections.js';
import { TooManyObjects, upTo } from './bounded-reading.js';

/** What a cluster is, as far as a policy asks. */
export interface ReadCluster {
  readonly namespaces: readonly SelectableNamespace[];
  /** Serves ValidatingAdmissionPolicy. */
  readonly refusesImages: boolean;
  /** Serves MutatingAdmissionPolicy. */
  readonly rewritesPods: boolean;
}

export interface ReadQuestion {
  readonly clusterId: string;
  /** As far as is known. */
  readonly isReachable: boolean;
  /** Of all clusters that are read together. */
  readonly deadline: AbortSignal;
}

export interface ReadOutcome {
  readonly state: 'read' | 'unreachable' | 'forbidden';
  readonly detail: string | null;
}

/** Somebody waits for the answer: one page of a slow server, and a very large cluster as a whole. */
const PAGE_TIMEOUT_MS = 15_000;
const CLUSTER_TIMEOUT_MS = 60_000;
/** Of one that did not answer when it was last asked: enough to see that it is back. */
const UNREACHABLE_TIMEOUT_MS = 4_000;

const RESOURCES: Readonly<Record<JudgedKind, readonly [groupVersion: string, plural: string]>> = {
  Deployment: ['apps/v1', 'deployments'],
  StatefulSet: ['apps/v1', 'statefulsets'],
  DaemonSet: ['apps/v1', 'daemonsets'],
  CronJob: ['batch/v1', 'cronjobs'],
  ReplicationController: ['v1', 'replicationcontrollers'],
  PodTemplate: ['v1', 'podtemplates'],
  ReplicaSet: ['apps/v1', 'replicasets'],
  Job: ['batch/v1', 'jobs'],
  Pod: ['v1', 'pods'],
};
/** What makes others is read before them; within one step the order does not matter. */
const LAST: readonly (readonly JudgedKind[])[] = [['ReplicaSet', 'Job'], ['Pod']];
const STEPS: readonly (readonly JudgedKind[])[] = [
  judgedKinds.filter((kind) => !LAST.flat().includes(kind)),
  ...LAST,
];

/** Three times the pods that Kubernetes is built for (150,000), for what makes them. */
const MAX_OBJECTS = 450_000;

const TOO_LONG = 'It took too long to list what runs.';

@Injectable()
export class RunningWorkloads {
  constructor(private readonly connections: ClusterConnections) {}

  /** `begin` is told what the cluster is, and gives who takes its workloads. */
  async read(
    { clusterId, isReachable, deadline }: ReadQuestion,
    begin: (cluster: ReadCluster) => (workload: RunningWorkload) => void,
  ): Promise<ReadOutcome> {
    if (deadline.aborted) return { state: 'unreachable', detail: TOO_LONG };
    const connection = await this.connections.open(clusterId, 'plan', {
      timeoutMs: isReachable ? PAGE_TIMEOUT_MS : UNREACHABLE_TIMEOUT_MS,
    });
    if (connection === undefined) {
      return { state: 'unreachable', detail: 'The cluster was removed meanwhile.' };
    }
    const { client } = connection;
    const signal = AbortSignal.any([AbortSignal.timeout(CLUSTER_TIMEOUT_MS), deadline]);
    try {
      const take = upTo(MAX_OBJECTS, begin(await describe(client, signal)));
      for (const kinds of STEPS) {
        await Promise.all(kinds.map((kind) => readKind(client, kind, take, signal)));
      }
      return { state: 'read', detail: null };
    } catch (error) {
      if (error instanceof TooManyObjects) return { state: 'unreachable', detail: error.message };
      if (!(error instanceof KubeError)) throw error;
      return outcomeOf(error, signal);
    } finally {
      await client.close();
    }
  }
}

async function describe(client: KubeClient, signal: AbortSignal): Promise<ReadCluster> {
  const { items } = await client.list<NamespaceObject>(resourcePath.namespaces(), {
    projection: 'metadata',
    signal,
  });
  const { validating, mutating } = await readAdmissionVersions(client);
  return {
    namespaces: items.map(({ metadata }) => ({
      name: metadata.name,
      labels: { ...metadata.labels },
    })),
    refusesImages: validating !== null,
    rewritesPods: mutating !== null,
  };
}

async function readKind(...reading: Reading): Promise<void> {
  try {
    await readPages(...reading);
  } catch (error) {
    if (isKubeError(error, 'NotFound')) return;
    // The pages took longer than the server keeps their version; taking an object twice is fine.
    if (!(isKubeError(error, 'Expired') || isKubeError(error, 'Gone'))) throw error;
    await readPages(...reading);
  }
}

type Reading = [
  client: KubeClient,
  kind: JudgedKind,
  take: (workload: RunningWorkload) => void,
  signal: AbortSignal,
];

async function readPages(...[client, kind, take, signal]: Reading): Promise<void> {
  const path = resourcePath.of(...RESOURCES[kind]);
  for await (const { items } of client.listPages<object>(path, { signal })) {
    for (const item of items) {
      const workload = readWorkload(kind, item);
      if (workload !== null) take(workload);
    }
  }
}

function outcomeOf(error: KubeError, signal: AbortSignal): ReadOutcome {
  if (signal.aborted) {
    return { state: 'unreachable', detail: TOO_LONG };
  }
  const { detail, fix } = describeClusterError(error);
  if (error.reason !== 'Forbidden') return { state: 'unreachable', detail: `${detail} ${fix}` };
  const resource = error.operation.path.split('?')[0]?.split('/').at(-1) ?? '';
  return { state: 'forbidden', detail: `Our account may not list ${resource}. ${fix}` };
}
