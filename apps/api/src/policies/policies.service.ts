import type { ImagePolicy } from '@moorage/contract';
import { Injectable } from '@nestjs/common';
import type { EnvironmentScope } from '../auth/actor.js';
import { notFound } from '../http/problem.js';
import { EffectivePolicies } from '../settings/effective-policies.js';
import { SettingsService } from '../settings/settings.service.js';
import { presentPolicy } from './policies.presenter.js';
import { PoliciesRepository } from './policies.repository.js';

@Injectable()
export class PoliciesService {
  constructor(
    private readonly repository: PoliciesRepository,
    private readonly policies: EffectivePolicies,
    private readonly settings: SettingsService,
  ) {}

  async get(scope: EnvironmentScope): Promise<ImagePolicy> {
    // States first: what is said of older settings is then seen to be about older ones.
    const clusters = await this.repository.listClusters(scope);
    const policy = await this.policies.load(scope.environmentId);
    if (policy === undefined) throw notFound();
    const [own, inherited] = await Promise.all([
      this.settings.list(scope.environmentId),
      this.settings.list(null),
    ]);
    return presentPolicy({ policy, own, inherited, clusters });
  }
}
