/**
 * Brings an existing `registries.yaml` into an environment. What is planned is decided in core; it is
 * carried out in one transaction through the services of registries, credentials and mirrors, so that
 * each change is sealed, recorded and announced as if it had been made by hand.
 */
import type { NodeConfigImport, NodeConfigImportReport } from '@moorage/contract';
import { type ImportPlan, planNodeConfigImport } from '@moorage/core';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor, EnvironmentScope } from '../auth/actor.js';
import { CredentialsService } from '../credentials/credentials.service.js';
import { Database } from '../database/database.js';
import type { Queryable } from '../database/transaction.js';
import { Problem } from '../http/problem.js';
import { NodeConfigRepository } from './node-config.repository.js';
import { presentImport } from './node-config-import.presenter.js';
import { NodeConfigImporter } from './node-config-importer.js';

type Question = z.output<typeof NodeConfigImport>;

@Injectable()
export class NodeConfigImportService {
  constructor(
    private readonly database: Database,
    private readonly repository: NodeConfigRepository,
    private readonly credentials: CredentialsService,
    private readonly importer: NodeConfigImporter,
  ) {}

  /** What an import would do. Changes nothing. */
  async plan(scope: EnvironmentScope, question: Question): Promise<NodeConfigImportReport> {
    const { plan, unchanged } = await this.#plan(scope, question, this.database);
    return presentImport(plan, unchanged, false);
  }

  /** All of it or nothing. The second time it changes nothing. */
  async apply(
    actor: Actor,
    scope: EnvironmentScope,
    question: Question,
  ): Promise<NodeConfigImportReport> {
    return this.database.transaction(async (tx) => {
      if (!(await this.repository.holdEnvironment(tx, scope.environmentId)))
        throw new Problem('environment.removing');
      const { plan, unchanged } = await this.#plan(scope, question, tx);
      await this.importer.carryOut(tx, actor, scope, { plan, unchanged });
      return presentImport(plan, unchanged, true);
    });
  }

  async #plan(
    scope: EnvironmentScope,
    question: Question,
    on: Queryable,
  ): Promise<{ plan: ImportPlan; unchanged: ReadonlySet<string> }> {
    const { environmentId } = scope;
    const registries = await this.repository.listKnown(environmentId, on);
    const mirrors = await this.repository.listMirrors(environmentId, on);
    const planned = planNodeConfigImport(question, { registries, mirrors });
    if (!planned.ok) throw notLoadable(planned.error);
    const { logins } = planned.value;
    const unchanged = await this.credentials.findUnchanged(scope, logins, on);
    return { plan: planned.value, unchanged };
  }
}

/** The words of the checker, which hold nothing of the document. */
function notLoadable(fault: ImportPlan['diagnostics'][number]): Problem {
  const { line, column, code, message, suggestion } = fault;
  if (code === 'registries-yaml.document-too-large')
    return new Problem('request.too-large', 'The document is larger than 512 KiB.');
  const detail = `Line ${line}, column ${column}: ${message}${suggestion === null ? '' : ` ${suggestion}`}`;
  return new Problem('node-config.not-loadable', detail, {
    errors: [{ pointer: '/document', code, detail }],
    members: { line, column },
  });
}
