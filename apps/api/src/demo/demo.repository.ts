import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';

export interface SimulatedClusterRow {
  readonly id: string;
  readonly name: string;
}

@Injectable()
export class DemoRepository {
  constructor(private readonly database: Database) {}

  /** True once in the life of an installation. */
  async claimSeeding(): Promise<boolean> {
    return (
      (await this.database.execute(
        'update installation set demo_seeded = true where not demo_seeded',
      )) === 1
    );
  }

  simulatedClusters(): Promise<SimulatedClusterRow[]> {
    return this.database.query(
      `select id, name from clusters where simulated and state = 'active' order by name`,
    );
  }

  /** Simulated clusters that nothing uses any more, once no simulated environment is left. */
  leftoverClusters(): Promise<SimulatedClusterRow[]> {
    return this.database.query(
      `select c.id, c.name from clusters c where c.simulated
         and not exists (select 1 from environments e where e.simulated)
         and not exists (select 1 from targets t where t.cluster_id = c.id)`,
    );
  }

  /** The simulated registry's address as it was seeded; its port is taken again at each start. */
  async sandboxRegistryAddress(): Promise<string | undefined> {
    const row = await this.database.one<{ address: string }>(
      `select r.address from registries r join environments e on e.id = r.environment_id
       where e.simulated and r.address like '127.0.0.1:%' order by r.created_at limit 1`,
    );
    return row?.address;
  }
}
