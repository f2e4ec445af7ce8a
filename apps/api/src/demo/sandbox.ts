/** The simulators that run in this process: started with it, gone with it. Their state is in memory. */
import { randomBytes } from 'node:crypto';
import { SecretText } from '@moorage/core';
import {
  type SimulatedCluster,
  type SimulatedRegistry,
  startSimulatedCluster,
  startSimulatedRegistry,
} from '@moorage/sandbox';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import {
  DEMO_CLUSTERS,
  DEMO_NODES,
  DEMO_WORKLOADS,
  SANDBOX_REGISTRY_USER,
} from './demo-content.js';

export interface SandboxAccess {
  readonly server: string;
  readonly token: SecretText;
}

@Injectable()
export class Sandbox implements OnApplicationShutdown {
  readonly #clusters = new Map<string, SimulatedCluster>();
  #registry: SimulatedRegistry | undefined;

  async startCluster(name: string): Promise<SandboxAccess> {
    const token = randomBytes(24).toString('base64url');
    const namespaces = DEMO_CLUSTERS.find((cluster) => cluster.name === name)?.namespaces ?? [];
    const nodes = DEMO_NODES.cluster === name ? DEMO_NODES.nodes : [];
    const options = { name, token, namespaces, nodes, runWorkloads: true };
    const cluster = await startSimulatedCluster(options);
    for (const workload of DEMO_WORKLOADS) {
      if (workload.cluster === name) cluster.apply(workload.object);
    }
    this.#clusters.set(name, cluster);
    return { server: cluster.url, token: SecretText.of(token) };
  }

  async stopCluster(name: string): Promise<void> {
    await this.#clusters.get(name)?.stop();
    this.#clusters.delete(name);
  }

  /** Gives the address, and the password of its one user: new at each start, unless one is given. */
  async startRegistry(options: { port?: number; password: SecretText }): Promise<string> {
    this.#registry = await startSimulatedRegistry({
      authentication: 'bearer',
      users: [{ username: SANDBOX_REGISTRY_USER, password: options.password.reveal() }],
      ...(options.port === undefined ? {} : { port: options.port }),
    });
    return this.#registry.address;
  }

  /** Addresses on loopback that may be dialled although loopback is refused: our own simulators'. */
  get addresses(): readonly string[] {
    return this.#registry === undefined ? [] : [this.#registry.address];
  }

  async onApplicationShutdown(): Promise<void> {
    const running = [
      ...this.#clusters.values(),
      ...(this.#registry === undefined ? [] : [this.#registry]),
    ];
    await Promise.all(running.map((simulator) => simulator.stop()));
  }
}
