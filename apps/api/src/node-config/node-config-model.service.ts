/**
 * Reads what an environment wants of its nodes and renders it. With secrets included it serves the
 * delivery to nodes; `node-config.service.ts` decides who may be given that.
 */
import {
  buildRegistriesYaml,
  type NodeConfig,
  type NodeConfigOptions,
  type NodeConfigRegistry,
} from '@moorage/core';
import { Injectable } from '@nestjs/common';
import {
  type EffectiveLogin,
  EffectiveLoginsService,
} from '../credentials/effective-logins.service.js';
import { clientKeyIdentity } from '../registries/registry-connection.js';
import { SecretBox } from '../sealing/secret-box.js';
import { NodeConfigRepository, type NodeRegistryRow } from './node-config.repository.js';

@Injectable()
export class NodeConfigModelService {
  constructor(
    private readonly repository: NodeConfigRepository,
    private readonly logins: EffectiveLoginsService,
    private readonly box: SecretBox,
  ) {}

  async render(environmentId: string, options: NodeConfigOptions): Promise<NodeConfig> {
    const [registries, mirrors, logins] = await Promise.all([
      this.repository.listRegistries(environmentId),
      this.repository.listMirrors(environmentId),
      this.logins.load(environmentId),
    ]);
    return buildRegistriesYaml(
      { mirrors, registries: registries.map((row) => this.#registry(row, logins)) },
      options,
    );
  }

  #registry(row: NodeRegistryRow, logins: readonly EffectiveLogin[]): NodeConfigRegistry {
    const own = logins.filter(({ registryId }) => registryId === row.id);
    const whole = own.find(({ scope }) => scope === '');
    return {
      id: row.id,
      address: row.address,
      deliver: row.deliver,
      scheme: row.scheme,
      tls: {
        caCertificate: row.caCertificate ?? undefined,
        insecureSkipVerify: row.insecureSkipVerify,
        clientCertificate: row.clientCertificate ?? undefined,
        clientKey: this.#clientKey(row),
      },
      credential:
        whole === undefined
          ? null
          : { id: whole.credentialId, username: whole.username, password: whole.secret },
      scopedCredentials: own
        .filter(({ scope }) => scope !== '')
        .map(({ credentialId, scope }) => ({ id: credentialId, scope })),
    };
  }

  #clientKey({ id, clientKeySealed, clientKeyKeyId }: NodeRegistryRow) {
    if (clientKeySealed === null || clientKeyKeyId === null) return undefined;
    return this.box.open({ sealed: clientKeySealed, keyId: clientKeyKeyId }, clientKeyIdentity(id));
  }
}
