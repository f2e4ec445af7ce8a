/**
 * Brings an existing `registries.yaml` into an environment. What is planned is decided in core; it is
 * carried out in one transaction through the services of registries, credentials and mirrors, so that
 * each change is sealed, recorded and announced as if it had been made by hand.
 */
import type { NodeConfigImport, NodeConfigImportReport } from '@moorage/contract';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor, EnvironmentScope } from '../auth/actor.js';
import { CredentialsService } from '../credentials/credentials.service.js';
import { Database } from '../database/database.js';
import { Problem } from '../http/problem.js';
import { presentImport } from './node-config-import.presenter.js';
import { NodeConfigImportPlanner } from './node-config-import-planner.js';
import { NodeConfigImporter } from './node-config-importer.js';

type Question = z.output<typeof NodeConfigImport>;

/** Others may change the environment while a plan is made; more often in a row is a fight. */
const ATTEMPTS = 5;

@Injectable()
export class NodeConfigImportService {
  constructor(
    private readonly database: Database,
    private readonly planner: NodeConfigImportPlanner,
    private readonly credentials: CredentialsService,
    private readonly importer: NodeConfigImporter,
  ) {}

  /** What an import would do. Changes nothing. */
  async plan(scope: EnvironmentScope, question: Question): Promise<NodeConfigImportReport> {
    const { plan } = await this.planner.plan(scope, question, this.database);
    const unchanged = await this.credentials.findUnchanged(scope, plan.logins, this.database);
    return presentImport(plan, unchanged, false);
  }

  /** All of it or nothing. The second time it changes nothing. */
  async apply(
    actor: Actor,
    scope: EnvironmentScope,
    question: Question,
  ): Promise<NodeConfigImportReport> {
    if (scope.state === 'removing') throw new Problem('environment.removing');
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const report = await this.#attempt(actor, scope, question);
      if (report !== undefined) return report;
    }
    throw new Problem('server.busy');
  }

  /** Undefined when the environment was changed while the plan was made. */
  async #attempt(
    actor: Actor,
    scope: EnvironmentScope,
    question: Question,
  ): Promise<NodeConfigImportReport | undefined> {
    const { plan, basis } = await this.planner.plan(scope, question, this.database);
    return this.database.transaction(async (tx) => {
      if (!(await this.planner.hold(tx, scope, basis))) return undefined;
      const unchanged = await this.credentials.findUnchanged(scope, plan.logins, tx);
      await this.importer.carryOut(tx, actor, scope, { plan, unchanged });
      return presentImport(plan, unchanged, true);
    });
  }
}
