import { buildNamespaceSelector } from '@moorage/core';
import { Injectable } from '@nestjs/common';
import { type PolicyTarget, PolicyTargetsRepository } from './policy-targets.repository.js';

/** Where an environment's policy reaches, for whoever shows or exports it. */
@Injectable()
export class PolicyTargetsService {
  constructor(private readonly repository: PolicyTargetsRepository) {}

  async listInCluster(environmentId: string, clusterId: string): Promise<PolicyTarget[]> {
    const targets = await this.repository.list([environmentId]);
    return targets.filter((target) => target.clusterId === clusterId);
  }

  /** By names alone: labels are the cluster's to tell, and it is not asked for them. */
  async namespacesOf(
    environmentId: string,
  ): Promise<(clusterId: string, namespace: string) => boolean> {
    const targets = await this.repository.list([environmentId]);
    const selectors = targets.map(({ clusterId, selection, grants }) => ({
      clusterId,
      selects: buildNamespaceSelector({ ...selection, matchLabels: {} }, grants),
    }));
    return (clusterId, namespace) =>
      selectors.some(
        (each) => each.clusterId === clusterId && each.selects({ name: namespace, labels: {} }),
      );
  }
}
