/**
 * Links that give a node config once. Of a token only a keyed hash is stored, over its secret and all
 * that the link is bound to: neither a reader of the database nor a change of the row opens another
 * environment, cluster, format or time.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { type NodeConfigFormat, SecretText } from '@moorage/core';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { Tx } from '../database/transaction.js';
import { Fingerprints } from '../sealing/fingerprint.js';

export interface NodeConfigLinkRow {
  readonly id: string;
  readonly environmentId: string;
  readonly clusterId: string | null;
  readonly format: NodeConfigFormat;
  readonly userId: string;
  readonly apiKeyId: string | null;
  readonly expiresAt: Date;
}

interface StoredRow extends NodeConfigLinkRow {
  readonly tokenHash: Buffer;
  readonly isValid: boolean;
}

/** `mrl_`, the link's id and 256 random bits, both as hex digits. */
const TOKEN = /^mrl_([0-9a-f]{32})_([0-9a-f]{64})$/;

@Injectable()
export class NodeConfigLinksRepository {
  constructor(
    private readonly database: Database,
    private readonly fingerprints: Fingerprints,
  ) {}

  /** Answers the token, which is nowhere afterwards. */
  async insert(tx: Tx, link: NodeConfigLinkRow): Promise<SecretText> {
    const secret = randomBytes(32).toString('hex');
    await tx.execute(
      `insert into node_config_links (id, token_hash, environment_id, cluster_id, format, user_id, api_key_id, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        link.id,
        this.#hash(secret, link),
        link.environmentId,
        link.clusterId,
        link.format,
        link.userId,
        link.apiKeyId,
        link.expiresAt,
      ],
    );
    return SecretText.of(`mrl_${link.id.replaceAll('-', '')}_${secret}`);
  }

  /** The link of that token while it can be used; undefined for anything else. Uses nothing up. */
  async find(token: string): Promise<NodeConfigLinkRow | undefined> {
    const [, id, secret] = TOKEN.exec(token) ?? [];
    if (id === undefined || secret === undefined) return undefined;
    const row = await this.database.one<StoredRow>(
      `select l.id, l.token_hash as "tokenHash", l.environment_id as "environmentId", l.cluster_id as "clusterId",
         l.format, l.user_id as "userId", l.api_key_id as "apiKeyId", l.expires_at as "expiresAt",
         l.expires_at > now() and (l.cluster_id is null or exists (select 1 from targets t
           where t.environment_id = l.environment_id and t.cluster_id = l.cluster_id and t.state = 'active')) as "isValid"
       from node_config_links l where l.id = $1`,
      [id],
    );
    if (row === undefined) return undefined;
    const isToken = timingSafeEqual(this.#hash(secret, row), row.tokenHash);
    return isToken && row.isValid ? row : undefined;
  }

  /** True for exactly one of all that try. */
  async consume(tx: Tx, id: string): Promise<boolean> {
    const deleted = await tx.execute(
      'delete from node_config_links where id = $1 and expires_at > now()',
      [id],
    );
    return deleted === 1;
  }

  async deleteExpired(): Promise<void> {
    await this.database.execute('delete from node_config_links where expires_at <= now()');
  }

  #hash(secret: string, link: NodeConfigLinkRow): Buffer {
    const { environmentId, clusterId, format, userId, apiKeyId, expiresAt } = link;
    const bound = [environmentId, clusterId, format, userId, apiKeyId, expiresAt.toISOString()];
    return this.fingerprints.fingerprint(
      SecretText.of(JSON.stringify(['node-config-link', secret, link.id, ...bound])),
    );
  }
}
