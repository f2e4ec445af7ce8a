/**
 * The documents that an environment delivers, ready to be written: the pull secret and, for nodes,
 * the files of the node config. Secrets are opened here, encoded, and held encrypted from then on.
 */
import {
  encodeDockerConfig,
  encodeNodeFiles,
  type NodeDistribution,
  pullSecretKey,
  type Reason,
} from '@moorage/core';
import { Injectable } from '@nestjs/common';
import { EffectiveLoginsService } from '../credentials/effective-logins.service.js';
import { NodeConfigModelService } from '../node-config/node-config-model.service.js';
import { Fingerprints } from '../sealing/fingerprint.js';
import { HeldContent } from './held-content.js';
import { hashFiles } from './slim-objects.js';

/** One login of a pull secret, as people may see it. */
export interface DeliveredEntry {
  readonly key: string;
  readonly address: string;
  readonly scope: string;
  readonly username: string;
}

export interface DeliveredContent {
  readonly entries: readonly DeliveredEntry[];
  /** Keyed hash of the content; empty when there is none. */
  readonly contentHash: string;
  readonly content: HeldContent | null;
  /** Why it cannot be delivered. */
  readonly problem: Reason | null;
}

export const nothingDelivered: DeliveredContent = {
  entries: [],
  contentHash: '',
  content: null,
  problem: null,
};

@Injectable()
export class DeliveredContents {
  constructor(
    private readonly logins: EffectiveLoginsService,
    private readonly nodes: NodeConfigModelService,
    private readonly fingerprints: Fingerprints,
  ) {}

  /** The bytes of `data[".dockerconfigjson"]`, base64. */
  async pullSecret(environmentId: string): Promise<DeliveredContent> {
    const logins = (await this.logins.load(environmentId))
      .filter((login) => login.deliver !== 'nodes')
      .map(({ address, scope, username, secret }) => {
        return { key: pullSecretKey(address, scope), address, scope, username, password: secret };
      });
    const entries = logins.map(({ key, address, scope, username }) => {
      return { key, address, scope, username };
    });
    const encoded = encodeDockerConfig(logins);
    if (!encoded.ok) {
      return { ...nothingDelivered, entries, problem: explain(encoded.error) };
    }
    const text = Buffer.from(encoded.value.reveal(), 'utf8');
    const base64 = Buffer.from(text.toString('base64'), 'ascii');
    const contentHash = this.fingerprints.contentHash(base64);
    const content = HeldContent.of(base64);
    text.fill(0);
    base64.fill(0);
    return { entries, contentHash, content, problem: null };
  }

  /**
   * The `data` of the node-config Secret as JSON, values base64: `registries.yaml`, the `hosts.toml`
   * that nodes make of it, certificates.
   */
  async nodeConfig(
    environmentId: string,
    distribution: NodeDistribution,
  ): Promise<DeliveredContent> {
    const { files } = await this.nodes.render(environmentId, {
      format: `${distribution}-registries.yaml`,
      secrets: 'included',
    });
    const encoded = encodeNodeFiles(files, distribution);
    if (!encoded.ok) return { ...nothingDelivered, problem: encoded.error };
    const data = Object.fromEntries(
      Object.entries(encoded.value).map(([key, content]) => [
        key,
        Buffer.from(content).toString('base64'),
      ]),
    );
    const contentHash = hashFiles(data, (bytes) => this.fingerprints.contentHash(bytes));
    const content = HeldContent.of(Buffer.from(JSON.stringify(data)));
    return { ...nothingDelivered, contentHash, content };
  }
}

function explain(error: { code: string; detail: string; sizeBytes?: number }): Reason {
  if (error.code !== 'docker-config.too-large') {
    return { code: `secret.${error.code.slice('docker-config.'.length)}`, detail: error.detail };
  }
  const size = error.sizeBytes === undefined ? 'more than 1 MiB' : `${error.sizeBytes} bytes`;
  return {
    code: 'secret.too-large',
    detail: `All logins together take ${size}; a Secret holds 1,048,576 bytes at most. Remove registries or credentials, or split them over environments.`,
  };
}
