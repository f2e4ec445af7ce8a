import type { CombinedPolicy, PolicyConflict, Result } from '@moorage/core';
import { Injectable } from '@nestjs/common';
import type { Queryable } from '../database/transaction.js';
import { type LevelRow, SettingsRepository } from './settings.repository.js';
import { combineStored, type StoredValues } from './stored-policy.js';

export interface EnvironmentPolicy {
  readonly environmentId: string;
  readonly environmentName: string;
  /**
   * What counts, and what of the environment's wishes does not. An error only when its settings
   * contradict the installation's, which writes refuse: nothing can be put in force then.
   */
  readonly combined: Result<CombinedPolicy, PolicyConflict>;
}

/** The image policy that counts in environments, for whoever puts it in force or judges by it. */
@Injectable()
export class EffectivePolicies {
  constructor(private readonly repository: SettingsRepository) {}

  /** Undefined when there is no such environment. */
  async load(environmentId: string, on?: Queryable): Promise<EnvironmentPolicy | undefined> {
    return (await this.loadMany([environmentId], on))[0];
  }

  /** Of those environments that there are, by name. */
  async loadMany(
    environmentIds: readonly string[],
    on?: Queryable,
  ): Promise<readonly EnvironmentPolicy[]> {
    const levels = await this.repository.loadLevels(on);
    const wanted = new Set(environmentIds);
    return policiesOf(levels).filter(({ environmentId }) => wanted.has(environmentId));
  }
}

/** Of every environment. `levels` holds the installation's values as the one without an id. */
export function policiesOf(levels: readonly LevelRow[]): readonly EnvironmentPolicy[] {
  const installation: StoredValues = levels.find((row) => row.environmentId === null)?.values ?? {};
  return levels.flatMap(({ environmentId, environmentName, values }) =>
    environmentId === null
      ? []
      : [{ environmentId, environmentName, combined: combineStored(installation, values) }],
  );
}
