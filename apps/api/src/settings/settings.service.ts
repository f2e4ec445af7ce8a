import type { Setting, SettingName } from '@moorage/contract';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../auth/actor.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/transaction.js';
import { ChangeRecorder } from '../events/change-recorder.js';
import { Problem, stale } from '../http/problem.js';
import { DefaultRegistryClashes } from './default-registry-clashes.js';
import { findConflict, findWidening, type SettingChange, withChange } from './setting-change.js';
import { decideNotes } from './setting-notes.js';
import { parseSettingValue, type SettingFault } from './setting-values.js';
import { presentSetting, presentSettings, storedRow } from './settings.presenter.js';
import {
  type LevelRow,
  type SettingNotes,
  type SettingRow,
  SettingsRepository,
} from './settings.repository.js';

export interface SettingPutInput {
  readonly name: SettingName;
  readonly value: string;
  readonly notes?: SettingNotes | undefined;
  /** That the caller last saw; undefined when any will do. */
  readonly version: number | undefined;
}

/** `environmentId` null = the installation's own settings, throughout. */
@Injectable()
export class SettingsService {
  constructor(
    private readonly database: Database,
    private readonly repository: SettingsRepository,
    private readonly changes: ChangeRecorder,
    private readonly clashes: DefaultRegistryClashes,
  ) {}

  async list(environmentId: string | null): Promise<Setting[]> {
    return presentSettings(environmentId, await this.repository.load(environmentId));
  }

  async get(environmentId: string | null, name: SettingName): Promise<Setting> {
    return presentSetting(name, environmentId, await this.repository.load(environmentId));
  }

  async put(actor: Actor, environmentId: string | null, input: SettingPutInput): Promise<Setting> {
    const { name, version } = input;
    const parsed = parseSettingValue(name, input.value);
    if (!parsed.ok) throw invalid(parsed.error);
    const change = { environmentId, name, value: parsed.value };
    return this.database.transaction(async (tx) => {
      const { before } = await this.#lockCurrent(tx, actor, change, version);
      const stored = before?.notes ?? {};
      const notes = decideNotes({ name, value: parsed.value, given: input.notes, stored });
      if (!notes.ok) throw invalid(notes.error, '/notes');
      const row = await this.repository.put(tx, {
        ...change,
        value: parsed.value,
        notes: notes.value,
      });
      await this.#record(tx, actor, before, row);
      return presentSetting(name, environmentId, await this.repository.load(environmentId, tx));
    });
  }

  /** Back to what is inherited; nothing happens when nothing is stored. */
  async clear(
    actor: Actor,
    environmentId: string | null,
    { name, version }: { name: SettingName; version: number | undefined },
  ): Promise<void> {
    const change = { environmentId, name, value: null };
    await this.database.transaction(async (tx) => {
      const { before } = await this.#lockCurrent(tx, actor, change, version);
      if (before === undefined) return;
      await this.repository.delete(tx, before.id);
      await this.#record(tx, actor, before, undefined);
    });
  }

  async #lockCurrent(
    tx: Tx,
    actor: Actor,
    change: SettingChange,
    version: number | undefined,
  ): Promise<{ before: SettingRow | undefined }> {
    await this.repository.lock(tx);
    const rows = await this.repository.load(change.environmentId, tx);
    const before = storedRow(rows, change.name, change.environmentId);
    if (version !== undefined && version !== (before?.version ?? 0)) throw stale();
    const levels = await this.repository.loadLevels(tx);
    const after = withChange(levels, change);
    refuseContradictions(levels, after, change);
    await this.clashes.refuse(tx, actor, { before: levels, after });
    return { before };
  }

  async #record(
    tx: Tx,
    actor: Actor,
    before: SettingRow | undefined,
    after: SettingRow | undefined,
  ): Promise<void> {
    const row = after ?? before;
    if (row === undefined) return;
    const notes = { before: before?.notes ?? {}, after: after?.notes ?? {} };
    const notesChanged = JSON.stringify(notes.before) !== JSON.stringify(notes.after);
    await this.changes.record(tx, {
      actor,
      topic: 'settings',
      noun: 'setting',
      verb: before === undefined ? 'create' : after === undefined ? 'delete' : 'update',
      object: { id: row.id, name: row.name },
      environmentId: row.environmentId,
      version: row.version,
      changes: {
        value: { before: before?.value ?? null, after: after?.value ?? null },
        ...(notesChanged ? { notes } : {}),
      },
    });
  }
}

function refuseContradictions(
  before: readonly LevelRow[],
  after: readonly LevelRow[],
  change: SettingChange,
): void {
  const wider = findWidening(after, change);
  if (wider.length > 0 && change.value !== null) throw invalid(wider);
  const found = findConflict(before, after, change);
  if (found === null) return;
  const { code, detail: reason } = found.conflict;
  const where = found.environmentName;
  const detail =
    where === null || change.environmentId !== null ? reason : `In environment ${where}: ${reason}`;
  throw new Problem('policy.conflict', detail, { errors: [{ pointer: '/value', code, detail }] });
}

function invalid(faults: readonly SettingFault[], pointer = '/value'): Problem {
  const detail = faults.map((fault) => fault.detail).join(' ');
  return new Problem(
    'setting.invalid',
    detail.length > 2000 ? `${detail.slice(0, 1999)}…` : detail,
    {
      errors: faults.map((fault) => ({ pointer, ...fault })),
    },
  );
}
