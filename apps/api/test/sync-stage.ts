/** What tests of sync start from: the application, its cast, and simulated clusters connected to it. */
import { endpoints, type Target, type TargetCreate } from '@moorage/contract';
import { SecretText } from '@moorage/core';
import {
  type KubeObject,
  type SimulatedCluster,
  type SimulatedClusterOptions,
  startSimulatedCluster,
} from '@moorage/sandbox';
import { vi } from 'vitest';
import type { z } from 'zod';
import { systemActor } from '../src/audit/audit-log.js';
import { ClustersService } from '../src/clusters/clusters.service.js';
import { buildCast, type Cast } from './factories.js';
import { type Harness, type HarnessOptions, startHarness } from './harness.js';

export interface Stage {
  readonly harness: Harness;
  readonly cast: Cast;
  /** A new simulated cluster, connected; ends with the stage. */
  connect(options?: Partial<SimulatedClusterOptions>): Promise<ConnectedCluster>;
  close(): Promise<void>;
}

export interface ConnectedCluster {
  readonly id: string;
  readonly simulated: SimulatedCluster;
}

let clusters = 0;

export async function startStage(options: HarnessOptions = {}): Promise<Stage> {
  const harness = await startHarness(options);
  const cast = await buildCast(harness);
  const started: SimulatedCluster[] = [];
  return {
    harness,
    cast,
    async connect(clusterOptions = {}) {
      clusters += 1;
      const name = `simulated-${clusters}`;
      const token = `token-of-${name}`;
      const simulated = await startSimulatedCluster({ name, token, ...clusterOptions });
      started.push(simulated);
      const row = await harness.app.get(ClustersService).createSimulated(systemActor('test'), {
        name,
        server: simulated.url,
        token: SecretText.of(simulated.token),
      });
      // To the product it stands for a real cluster: real environments cannot use simulated ones.
      await harness.database.execute('update clusters set simulated = false where id = $1', [
        row.id,
      ]);
      return { id: row.id, simulated };
    },
    async close() {
      await harness.close();
      await Promise.all(started.map((cluster) => cluster.stop()));
    },
  };
}

/** Waits until the callback neither throws nor rejects. */
export function eventually<T>(check: () => T | Promise<T>, timeoutMs = 10_000): Promise<T> {
  return vi.waitFor(check, { timeout: timeoutMs, interval: 20 });
}

export interface Login {
  readonly address: string;
  readonly username: string;
  readonly password: string;
  readonly scope?: string;
}

/** A registry with one credential, in the cast's environment. */
export async function addRegistry(stage: Stage, login: Login) {
  const { address, ...credential } = login;
  const env = stage.cast.environment.id;
  return await stage.cast.owner.client(endpoints.createRegistry, {
    env,
    body: { address, credential: { kind: 'basic', ...credential } },
  });
}

export async function addTarget(
  stage: Stage,
  clusterId: string,
  body: Omit<z.input<typeof TargetCreate>, 'clusterId'> = {},
): Promise<Target> {
  const env = stage.cast.environment.id;
  return await stage.cast.admin.client(endpoints.createTarget, {
    env,
    body: { clusterId, ...body },
  });
}

export async function getTarget(stage: Stage, targetId: string): Promise<Target> {
  const env = stage.cast.environment.id;
  return await stage.cast.admin.client(endpoints.getTarget, { env, targetId });
}

/** Waits until every namespace of the target is in sync. */
export async function settled(stage: Stage, targetId: string): Promise<Target> {
  return await eventually(async () => {
    const target = await getTarget(stage, targetId);
    const { namespaces, inSync, lastSyncedAt } = target.status;
    if (namespaces === 0 || inSync !== namespaces || lastSyncedAt === null) {
      throw new Error(`not in sync: ${JSON.stringify(target.status)}`);
    }
    return target;
  });
}

export interface Decoded {
  readonly [key: string]: { username: string; password: string; auth: string };
}

/** The `auths` of a pull secret as somebody in the cluster reads them; undefined without one. */
export function authsIn(secret: KubeObject | undefined): Decoded | undefined {
  const data = secret?.data as Record<string, string> | undefined;
  const base64 = data?.['.dockerconfigjson'];
  if (base64 === undefined) return undefined;
  const document = JSON.parse(Buffer.from(base64, 'base64').toString('utf8')) as { auths: Decoded };
  return document.auths;
}

export function pullSecretsOf(account: KubeObject | undefined): string[] {
  const entries = (account?.imagePullSecrets ?? []) as { name: string }[];
  return entries.map((entry) => entry.name);
}

export function expectedAuth(username: string, password: string) {
  return { username, password, auth: Buffer.from(`${username}:${password}`).toString('base64') };
}
