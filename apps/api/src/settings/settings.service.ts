import { SETTING_NAMES, type Setting, type SettingName } from '@moorage/contract';
import { Injectable } from '@nestjs/common';
import type { AuditActor } from '../audit/audit-log.js';
import type { Actor } from '../auth/actor.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/transaction.js';
import { ChangeRecorder } from '../events/change-recorder.js';
import { Problem, stale } from '../http/problem.js';
import {
  type EffectiveSetting,
  effectiveInEnvironment,
  parseSettingValue,
  refuseWidening,
} from './setting-values.js';
import { type SettingRow, SettingsRepository } from './settings.repository.js';

export type EffectiveSettings = Readonly<Record<SettingName, EffectiveSetting>>;

/** `environmentId` null = the installation's own settings, throughout. */
@Injectable()
export class SettingsService {
  constructor(
    private readonly database: Database,
    private readonly repository: SettingsRepository,
    private readonly changes: ChangeRecorder,
  ) {}

  async list(environmentId: string | null): Promise<Setting[]> {
    const rows = await this.repository.load(environmentId);
    return SETTING_NAMES.map((name) => present(name, environmentId, rows));
  }

  async get(environmentId: string | null, name: SettingName): Promise<Setting> {
    return present(name, environmentId, await this.repository.load(environmentId));
  }

  /** What counts in an environment, for whoever chooses or checks images. */
  async effective(environmentId: string): Promise<EffectiveSettings> {
    const rows = await this.repository.load(environmentId);
    const of = (name: SettingName) => effectiveOf(name, environmentId, rows);
    return {
      'registry.default': of('registry.default'),
      'registry.whitelist': of('registry.whitelist'),
      'policy.mode': of('policy.mode'),
      'policy.default-registry-at': of('policy.default-registry-at'),
    };
  }

  async put(
    actor: Actor,
    environmentId: string | null,
    { name, value, version }: { name: SettingName; value: string; version: number | undefined },
  ): Promise<Setting> {
    const parsed = parseSettingValue(name, value);
    if (!parsed.ok) throw invalid(parsed.error);
    return this.database.transaction(async (tx) => {
      const { before, rows } = await this.#lockCurrent(tx, environmentId, name, version);
      const refusal =
        environmentId === null
          ? null
          : refuseWidening(name, parsed.value, stored(rows, name, null)?.value);
      if (refusal !== null) throw invalid(refusal);
      const row = await this.repository.put(tx, environmentId, name, parsed.value);
      await this.#record(tx, actor, {
        row,
        verb: before === undefined ? 'create' : 'update',
        before: before?.value ?? null,
        after: row.value,
      });
      return present(name, environmentId, await this.repository.load(environmentId, tx));
    });
  }

  /** Back to what is inherited; nothing happens when nothing is stored. */
  async clear(
    actor: Actor,
    environmentId: string | null,
    { name, version }: { name: SettingName; version: number | undefined },
  ): Promise<void> {
    await this.database.transaction(async (tx) => {
      const { before } = await this.#lockCurrent(tx, environmentId, name, version);
      if (before === undefined) return;
      await this.repository.delete(tx, before.id);
      await this.#record(tx, actor, {
        row: before,
        verb: 'delete',
        before: before.value,
        after: null,
      });
    });
  }

  async #lockCurrent(
    tx: Tx,
    environmentId: string | null,
    name: SettingName,
    version: number | undefined,
  ): Promise<{ before: SettingRow | undefined; rows: SettingRow[] }> {
    await this.repository.lock(tx);
    const rows = await this.repository.load(environmentId, tx);
    const before = stored(rows, name, environmentId);
    if (version !== undefined && version !== (before?.version ?? 0)) throw stale();
    return { before, rows };
  }

  #record(
    tx: Tx,
    actor: AuditActor,
    {
      row,
      verb,
      before,
      after,
    }: {
      row: SettingRow;
      verb: 'create' | 'update' | 'delete';
      before: string | null;
      after: string | null;
    },
  ): Promise<void> {
    return this.changes.record(tx, {
      actor,
      topic: 'settings',
      noun: 'setting',
      verb,
      object: { id: row.id, name: row.name },
      environmentId: row.environmentId,
      version: row.version,
      changes: { value: { before, after } },
    });
  }
}

function invalid(detail: string): Problem {
  return new Problem('setting.invalid', detail, {
    errors: [{ pointer: '/value', code: 'setting.invalid', detail }],
  });
}

function stored(
  rows: readonly SettingRow[],
  name: SettingName,
  environmentId: string | null,
): SettingRow | undefined {
  return rows.find((row) => row.name === name && row.environmentId === environmentId);
}

function effectiveOf(
  name: SettingName,
  environmentId: string | null,
  rows: readonly SettingRow[],
): EffectiveSetting {
  return effectiveInEnvironment(name, {
    installation: stored(rows, name, null)?.value,
    environment: environmentId === null ? undefined : stored(rows, name, environmentId)?.value,
  });
}

function present(
  name: SettingName,
  environmentId: string | null,
  rows: readonly SettingRow[],
): Setting {
  const row = stored(rows, name, environmentId);
  return {
    name,
    value: row?.value ?? null,
    ...effectiveOf(name, environmentId, rows),
    version: row?.version ?? 0,
  };
}
