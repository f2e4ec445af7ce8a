import type { PolicyImpact } from '@moorage/contract';
import { canRefuseMore } from '@moorage/core';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../auth/actor.js';
import { Problem } from '../http/problem.js';
import { isComplete, presentImpact } from '../policy-impacts/policy-impacts.presenter.js';
import {
  type Assessment,
  type PolicyChange,
  PolicyImpactsService,
} from '../policy-impacts/policy-impacts.service.js';
import { DefaultRegistryClashes } from './default-registry-clashes.js';
import { policiesOf } from './effective-policies.js';
import { findConflict, findWidening, type SettingChange, withChange } from './setting-change.js';
import { refuseFaults } from './setting-refusal.js';
import type { LevelRow } from './settings.repository.js';

/** What a change has to pass before it is stored: what it contradicts, and what it would stop. */
@Injectable()
export class SettingChecks {
  constructor(
    private readonly clashes: DefaultRegistryClashes,
    private readonly impacts: PolicyImpactsService,
  ) {}

  async refuseContradictions(
    actor: Actor,
    levels: readonly LevelRow[],
    change: SettingChange,
  ): Promise<void> {
    const after = withChange(levels, change);
    if (change.value !== null) refuseFaults(findWidening(after, change));
    const found = findConflict(levels, after, change);
    if (found !== null) {
      const { code, detail: reason } = found.conflict;
      const isElsewhere = found.environmentName !== null && change.environmentId === null;
      const detail = isElsewhere ? `In environment ${found.environmentName}: ${reason}` : reason;
      throw new Problem('policy.conflict', detail, {
        errors: [{ pointer: '/value', code, detail }],
      });
    }
    await this.clashes.refuse(actor, { before: levels, after });
  }

  /** What runs now, judged by what the change would make of the policy. */
  async report(levels: readonly LevelRow[], change: SettingChange): Promise<PolicyImpact> {
    return presentImpact(await this.impacts.assess(policyChanges(levels, change)), change);
  }

  /**
   * Refuses what would stop something that runs, unless somebody has read about it; and, whoever
   * has read it, what would keep a cluster from repairing itself.
   */
  async refuseHarm(
    levels: readonly LevelRow[],
    change: SettingChange,
    acknowledged: boolean,
  ): Promise<void> {
    const changes = policyChanges(levels, change).filter(({ before, after }) =>
      canRefuseMore(before, after),
    );
    if (changes.length === 0) return;
    const assessment = await this.impacts.assess(changes);
    const members = { report: presentImpact(assessment, change) };
    const breaking = assessment.lockOuts.filter(({ isBreaking }) => isBreaking);
    if (breaking.length > 0) {
      const detail = breaking.map((lockOut) => lockOut.detail).join(' ');
      throw new Problem('policy.would-refuse', detail, {
        members: { ...members, acknowledgeable: false },
      });
    }
    if (acknowledged) return;
    const { newlyRefused, clusters } = members.report;
    if (newlyRefused > 0 || allowsNothing(assessment)) {
      throw new Problem('policy.would-refuse', describeHarm(newlyRefused), {
        members: { ...members, acknowledgeable: true },
      });
    }
    if (!isComplete(assessment.clusters)) {
      const unread = clusters.filter(({ state }) => state !== 'read');
      const detail = unread.map(({ clusterName, detail }) => `${clusterName}: ${detail}`).join(' ');
      throw new Problem('policy.impact-unknown', detail, {
        members: { ...members, acknowledgeable: true },
      });
    }
  }
}

/** Of the environments that the change reaches, what becomes of their policies. */
function policyChanges(levels: readonly LevelRow[], change: SettingChange): PolicyChange[] {
  const before = new Map(
    policiesOf(levels).map(({ environmentId, combined }) => [
      environmentId,
      combined.ok ? combined.value.policy : null,
    ]),
  );
  return policiesOf(withChange(levels, change)).flatMap(
    ({ environmentId, environmentName, combined }) => {
      const isReached = change.environmentId === null || change.environmentId === environmentId;
      if (!isReached || !combined.ok) return [];
      const after = combined.value.policy;
      return [{ environmentId, environmentName, before: before.get(environmentId) ?? null, after }];
    },
  );
}

function allowsNothing({ lockOuts }: Assessment): boolean {
  return lockOuts.some(({ code }) => code === 'lock-out.nothing-allowed');
}

function describeHarm(newlyRefused: number): string {
  const what =
    newlyRefused === 0
      ? 'No image at all would be allowed.'
      : `Images of workloads that run now would be refused in ${newlyRefused === 1 ? '1 place' : `${newlyRefused} places`} when their pods are made again.`;
  return `${what} Read the report; send acknowledged: true if it is meant so.`;
}
