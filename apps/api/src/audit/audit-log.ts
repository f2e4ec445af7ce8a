/**
 * Who changed what, written in the transaction of the change. Secrets cannot get in: a `SecretText`
 * becomes the word "changed", and values are names and settings that the caller could read anyway.
 * Rows are append-only (triggers); the hash chain over them is written behind by `audit-chain.ts`.
 */
import { SecretText } from '@moorage/core';
import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/transaction.js';

/** A caller, or one of our own jobs. `Actor` is one. */
export interface AuditActor {
  readonly kind: 'user' | 'api-key' | 'system';
  readonly id: string | null;
  readonly name: string;
  readonly requestId: string | null;
  readonly address: string | null;
}

export function systemActor(name: string): AuditActor {
  return { kind: 'system', id: null, name, requestId: null, address: null };
}

type Plain =
  | string
  | number
  | boolean
  | null
  | readonly Plain[]
  | { readonly [key: string]: Plain };
type Change = { readonly before?: Plain | SecretText; readonly after?: Plain | SecretText };
export type AuditChanges = Readonly<Record<string, Change>>;

export interface AuditRecord {
  readonly actor: AuditActor;
  /** `noun.verb`, e.g. `credential.create` */
  readonly action: `${string}.${string}`;
  readonly object: { readonly kind: string; readonly id: string | null; readonly name: string };
  readonly environmentId: string | null;
  readonly changes?: AuditChanges;
}

/** Takes `auditValues` as `$1` to `$11`. `ChangeRecorder` sends it as a part of a statement. */
export const INSERT_AUDIT_ENTRY = `insert into audit_entries (environment_id, actor_kind, actor_id, actor_name, action,
    object_kind, object_id, object_name, changes, request_id, address)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`;

export function auditValues({ actor, object, ...entry }: AuditRecord): readonly unknown[] {
  return [
    entry.environmentId,
    actor.kind,
    actor.id,
    actor.name,
    entry.action,
    object.kind,
    object.id,
    object.name,
    JSON.stringify(maskSecrets(entry.changes ?? {})),
    actor.requestId,
    actor.address,
  ];
}

@Injectable()
export class AuditLog {
  async record(tx: Tx, entry: AuditRecord): Promise<void> {
    // with many writes: named, so that Postgres keeps its plan
    await tx.execute({ name: 'insert-audit-entry', text: INSERT_AUDIT_ENTRY }, auditValues(entry));
  }
}

function maskSecrets(changes: AuditChanges): Record<string, { before: unknown; after: unknown }> {
  return Object.fromEntries(
    Object.entries(changes).map(([field, { before, after }]) => [
      field,
      { before: mask(before), after: mask(after) },
    ]),
  );
}

function mask(value: Plain | SecretText | undefined): unknown {
  return value instanceof SecretText ? 'changed' : (value ?? null);
}

/** The fields whose values differ, for `changes` of an update. Compares primitives only. */
export function changedFields<T extends Readonly<Record<string, Plain | undefined>>>(
  before: T,
  after: T,
): AuditChanges {
  const fields = Object.keys(after).filter(
    (field) => after[field] !== undefined && after[field] !== before[field],
  );
  return Object.fromEntries(
    fields.map((field) => [field, { before: before[field] ?? null, after: after[field] ?? null }]),
  );
}
