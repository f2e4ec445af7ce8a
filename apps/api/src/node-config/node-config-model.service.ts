/**
 * Reads what an environment wants of its nodes and renders it. With secrets included it serves the
 * delivery to nodes; `node-config.service.ts` decides who may be given that. Without, no secret is
 * opened at all.
 */
import {
  buildNodeConfig,
  maskedSecret,
  type NodeConfig,
  type NodeConfigModel,
  type NodeConfigRegistry,
  type NodeConfigRequest,
  SecretText,
} from '@moorage/core';
import { Injectable } from '@nestjs/common';
import {
  type EffectiveLogin,
  EffectiveLoginsService,
} from '../credentials/effective-logins.service.js';
import { clientKeyIdentity } from '../registries/registry-connection.js';
import { SecretBox } from '../sealing/secret-box.js';
import { NodeConfigRepository, type NodeRegistryRow } from './node-config.repository.js';

type Secrets = NodeConfigRequest['secrets'];

/** Stands for every secret of a masked file. */
const MASK = SecretText.of(maskedSecret);

@Injectable()
export class NodeConfigModelService {
  constructor(
    private readonly repository: NodeConfigRepository,
    private readonly logins: EffectiveLoginsService,
    private readonly box: SecretBox,
  ) {}

  async render(environmentId: string, request: NodeConfigRequest): Promise<NodeConfig> {
    return buildNodeConfig(await this.load(environmentId, request.secrets), request);
  }

  /** With masks in place of secrets, or with the secrets themselves. */
  async load(environmentId: string, secrets: Secrets): Promise<NodeConfigModel> {
    const [registries, mirrors, logins] = await Promise.all([
      this.repository.listRegistries(environmentId),
      this.repository.listMirrors(environmentId),
      this.#logins(environmentId, secrets),
    ]);
    return { mirrors, registries: registries.map((row) => this.#registry(row, logins, secrets)) };
  }

  async #logins(environmentId: string, secrets: Secrets): Promise<EffectiveLogin[]> {
    if (secrets === 'included') return this.logins.load(environmentId);
    const users = await this.logins.list(environmentId);
    return users.map((user) => ({ ...user, secret: MASK }));
  }

  #registry(
    row: NodeRegistryRow,
    logins: readonly EffectiveLogin[],
    secrets: Secrets,
  ): NodeConfigRegistry {
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
        clientKey: this.#clientKey(row, secrets),
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

  #clientKey(row: NodeRegistryRow, secrets: Secrets): SecretText | undefined {
    const { id, clientKeySealed, clientKeyKeyId } = row;
    if (clientKeySealed === null || clientKeyKeyId === null) return undefined;
    if (secrets === 'masked') return MASK;
    return this.box.open({ sealed: clientKeySealed, keyId: clientKeyKeyId }, clientKeyIdentity(id));
  }
}
