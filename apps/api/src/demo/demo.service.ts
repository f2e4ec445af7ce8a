/**
 * The demo: seeded once per installation, its simulators started with the server, and cleared away when
 * its environment has been removed. It works through the nouns' own services, like any caller.
 */
import { randomBytes } from 'node:crypto';
import { SecretText } from '@moorage/core';
import { Injectable } from '@nestjs/common';
import type { Actor, EnvironmentScope } from '../auth/actor.js';
import { SystemAccess } from '../auth/system-access.js';
import { Problem } from '../http/problem.js';
import { DemoRepository } from './demo.repository.js';
import {
  DEMO_CLUSTERS,
  DEMO_ENVIRONMENT,
  DEMO_NODES,
  demoRegistries,
  SANDBOX_REGISTRY_USER,
} from './demo-content.js';
import { DemoNouns } from './demo-nouns.js';
import { Sandbox } from './sandbox.js';

const JOB = 'demo';

/**
 * The sandbox registry's password guards nothing and is the same at each start, because the stored
 * credential must still fit after a restart.
 */
const SANDBOX_PASSWORD = SecretText.of('simulated');

@Injectable()
export class DemoService {
  #stopListening: (() => void) | undefined;

  constructor(
    private readonly access: SystemAccess,
    private readonly repository: DemoRepository,
    private readonly sandbox: Sandbox,
    private readonly nouns: DemoNouns,
  ) {}

  /** Call once the application stands. */
  async start(): Promise<void> {
    const actor = await this.access.actorFor(JOB);
    if (actor === undefined) return;
    const seedNow = await this.repository.claimSeeding();
    if (seedNow) await this.#seed(actor);
    else await this.#restart();
    this.#stopListening?.();
    this.#stopListening = this.nouns.feed.onChange((change) => {
      if (change.topic !== 'environments' || change.kind !== 'deleted') return;
      // What stays behind now is looked for again at the next start.
      this.#clearAway(actor).catch((error: unknown) =>
        this.nouns.log.warn({ err: error }, 'demo not cleared away'),
      );
    });
    if (!seedNow) await this.#clearAway(actor);
  }

  async #seed(actor: Actor): Promise<void> {
    const environment = await this.nouns.environments.create(actor, DEMO_ENVIRONMENT, true);
    const scope = await this.access.scopeOf(actor, environment.id);
    if (scope === undefined) return;
    await this.#seedRegistries(actor, scope);
    for (const { name } of DEMO_CLUSTERS) {
      const cluster = await this.nouns.clusters.createSimulated(actor, {
        name,
        ...(await this.sandbox.startCluster(name)),
      });
      const nodeConfig = { enabled: name === DEMO_NODES.cluster, distribution: 'k3s' } as const;
      await this.nouns.targets.create(actor, scope, { clusterId: cluster.id, nodeConfig });
    }
  }

  async #seedRegistries(actor: Actor, scope: EnvironmentScope): Promise<void> {
    const sandboxAddress = await this.sandbox.startRegistry({ password: SANDBOX_PASSWORD });
    const basic = { kind: 'basic', description: '', scope: '' } as const;
    await this.nouns.registries.create(actor, scope, {
      address: sandboxAddress,
      name: 'Sandbox registry',
      description: 'Simulated, in this process',
      connection: { scheme: 'http' },
      credential: {
        ...basic,
        username: SANDBOX_REGISTRY_USER,
        password: SANDBOX_PASSWORD.reveal(),
      },
    });
    for (const { address, description, username, scope: prefix, expiresAt } of demoRegistries(
      Date.now(),
    )) {
      const password = randomBytes(18).toString('base64url'); // opens nothing
      await this.nouns.registries.create(actor, scope, {
        address,
        description,
        credential: { ...basic, username, password, scope: prefix, expiresAt },
      });
    }
  }

  /** The simulators of an earlier start, at new ports and with new tokens. */
  async #restart(): Promise<void> {
    for (const { id, name } of await this.repository.simulatedClusters()) {
      const { server, token } = await this.sandbox.startCluster(name);
      await this.nouns.clusters.moveSimulated(id, server, token);
    }
    const address = await this.repository.sandboxRegistryAddress();
    if (address === undefined) return;
    // Its port is part of the stored address; when something else has it now, the registry stays away.
    await this.sandbox
      .startRegistry({ port: Number(address.split(':')[1]), password: SANDBOX_PASSWORD })
      .catch(() => undefined);
  }

  async #clearAway(actor: Actor): Promise<void> {
    for (const { id, name } of await this.repository.leftoverClusters()) {
      await this.nouns.clusters.remove(actor, id, true).catch((error: unknown) => {
        if (!(error instanceof Problem && error.code === 'object.not-found')) throw error; // sync removed it first
      });
      await this.sandbox.stopCluster(name);
    }
  }
}
