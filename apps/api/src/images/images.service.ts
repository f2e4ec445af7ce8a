import type { ImageResolution } from '@moorage/contract';
import { decideImage, type ImagePolicy } from '@moorage/core';
import { Injectable } from '@nestjs/common';
import type { EnvironmentScope } from '../auth/actor.js';
import { EffectiveLoginsService } from '../credentials/effective-logins.service.js';
import { notFound } from '../http/problem.js';
import { EffectivePolicies, type EnvironmentPolicy } from '../settings/effective-policies.js';
import { hashOfSettings } from '../sync/image-policy/policy-wishes.js';
import { decideInCluster, type InForce, type NeighbourPolicy } from './image-in-cluster.js';
import { presentResolution } from './images.presenter.js';
import {
  type HalfState,
  ImagesRepository,
  type ReachedClusterRow,
  type SharedNamespacesRow,
} from './images.repository.js';
import { findServingLogin } from './serving-login.js';

/** Nothing is allowed while the settings contradict each other: nobody could say by what. */
const CONTRADICTED: ImagePolicy = {
  whitelist: [],
  defaultRegistry: null,
  mode: 'enforce',
  defaultRegistryAt: 'workload',
};

/** Questions about one image: under which name, whether, by what, with which login. */
@Injectable()
export class ImagesService {
  constructor(
    private readonly policies: EffectivePolicies,
    private readonly logins: EffectiveLoginsService,
    private readonly repository: ImagesRepository,
  ) {}

  /** `clusterId`: only there; one that the environment does not reach is as good as none. */
  async resolve(
    scope: EnvironmentScope,
    { image, clusterId }: { readonly image: string; readonly clusterId?: string | undefined },
  ): Promise<ImageResolution> {
    const rows = await this.repository.listClusters(scope, clusterId ?? null);
    if (clusterId !== undefined && rows.length === 0) throw notFound();
    const shared = await this.repository.listSharedNamespaces(scope);
    const ids = [scope.environmentId, ...shared.map(({ otherId }) => otherId)];
    const policies = new Map(
      (await this.policies.loadMany(ids)).map((each) => [each.environmentId, each]),
    );
    const own = policies.get(scope.environmentId);
    const policy = policyOf(own);
    const decision = decideImage(image, policy);
    const serving = findServingLogin(decision.image, await this.logins.list(scope.environmentId));
    const settingsHash = own === undefined ? '' : hashOfSettings(own);
    const clusters = rows.map((row) => ({
      row,
      found: decideInCluster(image, policy, {
        inForce: inForceIn(row, settingsHash),
        neighbours: shared
          .filter((each) => each.clusterId === row.clusterId)
          .flatMap((each) => neighbourOf(each, policies.get(each.otherId)) ?? []),
      }),
    }));
    const contradiction = own?.combined.ok === false ? own.combined.error.detail : null;
    const pullSecret = secretNameOf(rows, scope.name);
    return presentResolution({ decision, contradiction, serving, clusters, pullSecret });
  }
}

function policyOf(environment: EnvironmentPolicy | undefined): ImagePolicy {
  return environment?.combined.ok === true ? environment.combined.value.policy : CONTRADICTED;
}

/** Null where its settings contradict each other: what it does is then not known. */
function neighbourOf(
  { count, example, whitelist }: SharedNamespacesRow,
  other: EnvironmentPolicy | undefined,
): NeighbourPolicy | null {
  if (other?.combined.ok !== true) return null;
  const state = counting(whitelist, hashOfSettings(other))?.state ?? null;
  return { count, example, state, policy: other.combined.value.policy };
}

function inForceIn({ whitelist, defaultRegistry }: ReachedClusterRow, hash: string): InForce {
  const list = counting(whitelist, hash);
  return {
    whitelist: list?.state ?? null,
    whitelistDetail: list?.detail ?? null,
    defaultRegistry: counting(defaultRegistry, hash)?.state ?? null,
  };
}

/** A state of other settings than those that count now says nothing about them. */
function counting(
  half: HalfState | null,
  hash: string,
): Pick<HalfState, 'state' | 'detail'> | null {
  return half === null || half.settingsHash === hash ? half : { state: 'pending', detail: null };
}

/** The name under which the asked cluster has it, or the first; without any, as it would be named. */
function secretNameOf(rows: readonly ReachedClusterRow[], environmentName: string): string {
  return rows[0]?.secretNames[0] ?? `moorage-${environmentName}`;
}
