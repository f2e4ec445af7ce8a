/**
 * The documents that an environment delivers, ready to be written: the pull secret and, for nodes,
 * the files of the node config. Secrets are opened here, encoded, and held encrypted from then on.
 */
import {
  buildRegistriesYaml,
  encodeDockerConfig,
  type NodeConfigModel,
  type NodeDistribution,
  pullSecretKey,
  type Reason,
} from '@moorage/core';
import { Injectable } from '@nestjs/common';
import { Fingerprints } from '../sealing/fingerprint.js';
import {
  EffectiveLoginsRepository,
  type NodeRegistryRow,
  type OpenedLogin,
} from './effective-logins.repository.js';
import { HeldContent } from './held-content.js';
import { hashFiles } from './slim-objects.js';

export interface DeliveredContent {
  /** Keyed hash of the content; empty when there is none. */
  readonly contentHash: string;
  readonly content: HeldContent | null;
  /** Why it cannot be delivered. */
  readonly problem: Reason | null;
}

@Injectable()
export class DeliveredContents {
  constructor(
    private readonly logins: EffectiveLoginsRepository,
    private readonly fingerprints: Fingerprints,
  ) {}

  /** The bytes of `data[".dockerconfigjson"]`, base64. */
  async pullSecret(environmentId: string): Promise<DeliveredContent> {
    const logins = await this.logins.loadOpened(environmentId);
    const encoded = encodeDockerConfig(
      logins
        .filter((login) => login.deliver !== 'nodes')
        .map(({ address, scope, username, secret }) => {
          return { key: pullSecretKey(address, scope), username, password: secret };
        }),
    );
    if (!encoded.ok) {
      return { contentHash: '', content: null, problem: explain(encoded.error) };
    }
    const base64 = Buffer.from(
      Buffer.from(encoded.value.reveal(), 'utf8').toString('base64'),
      'ascii',
    );
    const contentHash = this.fingerprints.contentHash(base64);
    const content = HeldContent.of(base64);
    base64.fill(0);
    return { contentHash, content, problem: null };
  }

  /** The `data` of the node-config Secret as JSON: one key per file, values base64. */
  async nodeConfig(
    environmentId: string,
    distribution: NodeDistribution,
  ): Promise<DeliveredContent> {
    const model = await this.#nodeModel(environmentId);
    const { files } = buildRegistriesYaml(model, { distribution, secrets: 'included' });
    const data = Object.fromEntries(
      files.map(({ path, content }) => [
        fileKey(path),
        Buffer.from(content, 'utf8').toString('base64'),
      ]),
    );
    const contentHash = hashFiles(data, (bytes) => this.fingerprints.contentHash(bytes));
    return {
      contentHash,
      content: HeldContent.of(Buffer.from(JSON.stringify(data))),
      problem: null,
    };
  }

  async #nodeModel(environmentId: string): Promise<NodeConfigModel> {
    const [logins, registries, mirrors] = await Promise.all([
      this.logins.loadOpened(environmentId),
      this.logins.loadNodeRegistries(environmentId),
      this.logins.loadMirrors(environmentId),
    ]);
    return { mirrors, registries: registries.map((registry) => nodeRegistry(registry, logins)) };
  }
}

function nodeRegistry(row: NodeRegistryRow, logins: readonly OpenedLogin[]) {
  const mine = logins.filter((login) => login.registryId === row.id);
  const whole = mine.find((login) => login.scope === '');
  return {
    id: row.id,
    address: row.address,
    deliver: row.deliver,
    scheme: row.scheme,
    tls: {
      caCertificate: row.caCertificate ?? undefined,
      insecureSkipVerify: row.insecureSkipVerify,
      clientCertificate: row.clientCertificate ?? undefined,
      clientKey: row.clientKey ?? undefined,
    },
    credential:
      whole === undefined
        ? null
        : { id: whole.credentialId, username: whole.username, password: whole.secret },
    scopedCredentials: mine
      .filter((login) => login.scope !== '')
      .map(({ credentialId, scope }) => ({ id: credentialId, scope })),
  };
}

/** Keys of a Secret's data hold no slash: files are told apart by their names. */
function fileKey(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
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
