import type { PolicyImpact, Setting, SettingName } from '@moorage/contract';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../auth/actor.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/transaction.js';
import { ChangeRecorder } from '../events/change-recorder.js';
import { stale } from '../http/problem.js';
import type { SettingChange } from './setting-change.js';
import { SettingChecks } from './setting-checks.js';
import { decideNotes } from './setting-notes.js';
import { accepted } from './setting-refusal.js';
import { parseSettingValue } from './setting-values.js';
import { presentSetting, presentSettings, storedRow } from './settings.presenter.js';
import {
  type LevelRow,
  type SettingNotes,
  type SettingRow,
  SettingsRepository,
} from './settings.repository.js';

interface SettingWriteInput {
  readonly name: SettingName;
  /** That the caller last saw; undefined when any will do. */
  readonly version: number | undefined;
  /** Somebody has read what would be refused. */
  readonly acknowledged: boolean | undefined;
}
export interface SettingPutInput extends SettingWriteInput {
  readonly value: string;
  readonly notes: SettingNotes | undefined;
}
export type SettingClearInput = SettingWriteInput;

type Write = SettingChange & SettingWriteInput;

/** Clusters are read before the lock is taken; what others store meanwhile is judged anew so often. */
const MAX_ROUNDS = 3;

/** `environmentId` null = the installation's own settings, throughout. */
@Injectable()
export class SettingsService {
  constructor(
    private readonly database: Database,
    private readonly repository: SettingsRepository,
    private readonly changes: ChangeRecorder,
    private readonly checks: SettingChecks,
  ) {}

  async list(environmentId: string | null): Promise<Setting[]> {
    return presentSettings(environmentId, await this.repository.load(environmentId));
  }

  async get(environmentId: string | null, name: SettingName): Promise<Setting> {
    return presentSetting(name, environmentId, await this.repository.load(environmentId));
  }

  async put(actor: Actor, environmentId: string | null, input: SettingPutInput): Promise<Setting> {
    const { name, notes: given } = input;
    const value = accepted(parseSettingValue(name, input.value));
    accepted(decideNotes({ name, value, given, stored: {} }), '/notes');
    return await this.#write(actor, { ...input, environmentId, value }, async (tx, before) => {
      const stored = before?.notes ?? {};
      const notes = accepted(decideNotes({ name, value, given, stored }), '/notes');
      const row = await this.repository.put(tx, { environmentId, name, value, notes });
      await this.#record(tx, actor, before, row);
      return presentSetting(name, environmentId, await this.repository.load(environmentId, tx));
    });
  }

  /** What runs now, judged as if the value were stored; it has to be one that could be. */
  async dryRun(
    actor: Actor,
    environmentId: string | null,
    { name, value: text, notes }: SettingPutInput,
  ): Promise<PolicyImpact> {
    const value = accepted(parseSettingValue(name, text));
    accepted(decideNotes({ name, value, given: notes, stored: {} }), '/notes');
    const levels = await this.repository.loadLevels();
    const change = { environmentId, name, value };
    await this.checks.refuseContradictions(actor, levels, change);
    return await this.checks.report(levels, change);
  }

  /** Back to what is inherited; nothing happens when nothing is stored. */
  async clear(actor: Actor, environmentId: string | null, input: SettingClearInput): Promise<void> {
    await this.#write(actor, { ...input, environmentId, value: null }, async (tx, before) => {
      if (before === undefined) return;
      await this.repository.delete(tx, before.id);
      await this.#record(tx, actor, before, undefined);
    });
  }

  async #write<T>(
    actor: Actor,
    write: Write,
    store: (tx: Tx, before: SettingRow | undefined) => Promise<T>,
  ): Promise<T> {
    const { environmentId, name, value, version, acknowledged = false } = write;
    const change = { environmentId, name, value };
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const levels = await this.repository.loadLevels();
      refuseStale(
        storedRow(await this.repository.load(environmentId), name, environmentId),
        version,
      );
      await this.checks.refuseContradictions(actor, levels, change);
      await this.checks.refuseHarm(levels, change, acknowledged);
      const done = await this.database.transaction(async (tx) => {
        await this.repository.lock(tx);
        if (!isSame(levels, await this.repository.loadLevels(tx))) return null;
        const rows = await this.repository.load(environmentId, tx);
        const before = storedRow(rows, name, environmentId);
        refuseStale(before, version);
        return { result: await store(tx, before) };
      });
      if (done !== null) return done.result;
    }
    throw stale();
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
        ...(isSame(notes.before, notes.after) ? {} : { notes }),
      },
    });
  }
}

function refuseStale(row: SettingRow | undefined, version: number | undefined): void {
  if (version !== undefined && version !== (row?.version ?? 0)) throw stale();
}

/** Of what one statement gave twice: rows come in one order, and so do jsonb keys. */
function isSame(a: readonly LevelRow[] | SettingNotes, b: typeof a): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
