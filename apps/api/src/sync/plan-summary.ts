/** One target's share of the plans of all namespaces, as it goes over the wire. */
import type { Plan } from '@moorage/contract';
import type { NamespaceChange, NamespacePlan, ObservedSecret } from '@moorage/core';
import type { PreparedTarget } from './desired-cluster.js';
import { nodeConfigPlace } from './node-config-writer.js';

type WireChange = Plan['changes'][number];

/** More than a person reads; the counts are complete. */
const MAX_CHANGES = 1_000;

export class PlanSummary {
  readonly #target: PreparedTarget;
  readonly #changes: WireChange[] = [];
  readonly #conflicts: Plan['conflicts'] = [];
  readonly #counts = {
    create: 0,
    update: 0,
    delete: 0,
    attach: 0,
    detach: 0,
    unchanged: 0,
    conflicts: 0,
  };
  #ignored = 0;
  #selected = 0;
  #problem: { code: string; detail: string } | null = null;

  constructor(target: PreparedTarget) {
    this.#target = target;
  }

  add(namespace: string, plan: NamespacePlan): void {
    const verdict = plan.verdicts.get(this.#target.row.id) ?? null;
    const changes = plan.changes.flatMap((change) => this.#wire(namespace, change));
    for (const change of changes) this.#count(change);
    if (verdict === null) return;
    this.#selected += 1;
    if (verdict.state === 'conflict') {
      this.#counts.conflicts += 1;
      const name = this.#target.row.secretName;
      this.#conflicts.push({ namespace, name, detail: verdict.detail ?? '' });
    } else if (verdict.state === 'ignored') this.#ignored += 1;
    else if (changes.length === 0) this.#counts.unchanged += 1;
    if (verdict.state === 'failed' && verdict.code !== null) {
      this.#problem ??= { code: verdict.code, detail: verdict.detail ?? '' };
    }
  }

  addNodeConfig(present: ObservedSecret | null): void {
    const { row, nodeConfig } = this.#target;
    const { namespace, secret: name } = nodeConfigPlace;
    const change = (action: WireChange['action'], reason: string) =>
      this.#count({ namespace, object: 'node-config', name, action, reason });
    if (nodeConfig?.problem != null) this.#problem ??= nodeConfig.problem;
    else if (nodeConfig !== null && present === null) change('create', 'missing');
    else if (nodeConfig !== null && present?.digest !== nodeConfig.contentHash) {
      change('update', 'content changed');
    } else if (nodeConfig === null && present?.targetId === row.id) change('delete', 'not wanted');
  }

  toPlan(): Plan {
    return {
      entries: this.#target.delivered.entries.map((entry) => ({ ...entry })),
      changes: this.#changes,
      conflicts: this.#conflicts.slice(0, MAX_CHANGES),
      summary: { ...this.#counts },
      truncated: this.#total() > this.#changes.length,
      warnings: this.#warnings(),
    };
  }

  #total(): number {
    const { create, update, attach, detach } = this.#counts;
    return create + update + this.#counts.delete + attach + detach;
  }

  #warnings(): Plan['warnings'] {
    const warnings: Plan['warnings'] = [];
    if (this.#selected === 0 && this.#target.row.state === 'active') {
      warnings.push({
        code: 'target.no-namespace',
        detail: 'No namespace is selected at present.',
      });
    }
    if (this.#ignored > 0) {
      const detail = `${this.#ignored} selected namespaces are left alone: opted out, skipped or being deleted.`;
      warnings.push({ code: 'target.namespaces-ignored', detail });
    }
    if (this.#problem !== null) warnings.push(this.#problem);
    return warnings;
  }

  #count(change: WireChange): void {
    this.#counts[change.action] += 1;
    if (this.#changes.length < MAX_CHANGES) this.#changes.push(change);
  }

  #wire(namespace: string, change: NamespaceChange): WireChange[] {
    const isMine = (edit: { targetId: string | null }) => edit.targetId === this.#target.row.id;
    if (change.object === 'secret') {
      const { name, action, reason } = change;
      return isMine(change) ? [{ namespace, object: 'secret', name, action, reason }] : [];
    }
    const base = { namespace, object: 'service-account', name: change.name } as const;
    return [
      ...change.attach
        .filter(isMine)
        .map(({ reason }) => ({ ...base, action: 'attach' as const, reason })),
      ...change.detach
        .filter(isMine)
        .map(({ reason }) => ({ ...base, action: 'detach' as const, reason })),
    ];
  }
}
