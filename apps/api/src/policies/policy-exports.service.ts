import { createHash } from 'node:crypto';
import { type ExportedPolicy, exportPolicy, type PolicyEngine } from '@moorage/core';
import { Injectable } from '@nestjs/common';
import type { EnvironmentScope } from '../auth/actor.js';
import { notFound, Problem } from '../http/problem.js';
import { PolicyTargetsService } from '../policy-impacts/policy-targets.service.js';
import { EffectivePolicies } from '../settings/effective-policies.js';

/** The policy as files for a cluster that Moorage does not write it to. */
@Injectable()
export class PolicyExportsService {
  constructor(
    private readonly policies: EffectivePolicies,
    private readonly targets: PolicyTargetsService,
  ) {}

  async export(
    { environmentId, name }: EnvironmentScope,
    { engine, clusterId }: { readonly engine: PolicyEngine; readonly clusterId: string },
  ): Promise<ExportedPolicy> {
    const onCluster = await this.targets.listInCluster(environmentId, clusterId);
    const policy = await this.policies.load(environmentId);
    if (onCluster.length === 0 || policy === undefined) throw notFound();
    const { combined } = policy;
    if (!combined.ok) throw new Problem('policy.conflict', combined.error.detail);
    return exportPolicy(engine, combined.value.policy, {
      environment: name,
      namespaces: onCluster.map(({ selection, grants }) => ({ ...selection, grants })),
      hash: (text) => createHash('sha256').update(text).digest('hex'),
    });
  }
}
