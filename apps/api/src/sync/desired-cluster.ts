/** A cluster as it should be: its targets with what each one delivers. */
import {
  buildNamespaceSelector,
  type DesiredTarget,
  type NamespaceSelector,
  type TargetInNamespace,
} from '@moorage/core';
import type { EnvironmentPolicy } from '../settings/effective-policies.js';
import type { DeliveredContent } from './delivered-content.js';
import type { SlimNamespace } from './slim-objects.js';
import type { ConflictChoice, TargetRow } from './sync-model.js';

export interface PreparedTarget {
  readonly row: TargetRow;
  readonly desired: DesiredTarget;
  readonly selects: NamespaceSelector;
  readonly delivered: DeliveredContent;
  readonly nodeConfig: DeliveredContent | null;
}

export class DesiredCluster {
  static readonly empty = new DesiredCluster([], []);
  readonly #byId: ReadonlyMap<string, PreparedTarget>;
  readonly #choices: ReadonlyMap<string, 'adopt' | 'skip'>;

  constructor(
    readonly targets: readonly PreparedTarget[],
    choices: readonly ConflictChoice[],
    /** Of the environments with an active target here. */
    readonly policies: readonly EnvironmentPolicy[] = [],
  ) {
    this.#byId = new Map(targets.map((target) => [target.row.id, target]));
    this.#choices = new Map(choices.map((c) => [`${c.targetId}/${c.namespace}`, c.choice]));
  }

  target(id: string): PreparedTarget | undefined {
    return this.#byId.get(id);
  }

  /** Where that environment's image policy applies. */
  activeTargets(environmentId: string): readonly PreparedTarget[] {
    return this.targets.filter(
      ({ row }) => row.environmentId === environmentId && row.state === 'active',
    );
  }

  /** Whether a change in that environment can matter here. */
  concerns(environmentId: string | null): boolean {
    return (
      environmentId === null || this.targets.some(({ row }) => row.environmentId === environmentId)
    );
  }

  /** Whether any target has, or had, more than the account `default`. */
  get needsAllAccounts(): boolean {
    return this.targets.some((target) => target.row.attachedBeyondDefault);
  }

  inNamespace(
    namespace: SlimNamespace,
    attachedName: (targetId: string) => string | null,
  ): readonly TargetInNamespace[] {
    return this.targets.map(({ desired, selects }) => ({
      target: desired,
      selected: selects(namespace),
      choice: this.#choices.get(`${desired.targetId}/${namespace.name}`) ?? null,
      attachedName: attachedName(desired.targetId),
    }));
  }
}

export function prepareTarget(
  row: TargetRow,
  delivered: DeliveredContent,
  nodeConfig: DeliveredContent | null,
): PreparedTarget {
  return {
    row,
    delivered,
    nodeConfig,
    selects: buildNamespaceSelector(row.selection, row.grants),
    desired: {
      targetId: row.id,
      environmentId: row.environmentId,
      secretName: row.secretName,
      contentHash: delivered.contentHash,
      serviceAccounts: row.serviceAccounts,
      attach: row.attach,
      state: row.state,
      problem: delivered.problem,
    },
  };
}
