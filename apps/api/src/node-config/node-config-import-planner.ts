import type { NodeConfigImport } from '@moorage/contract';
import type { ImportEnvironment, ImportPlan, NotLoadable } from '@moorage/core';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { EnvironmentScope } from '../auth/actor.js';
import { withWrappedSecrets } from '../computing/computations.js';
import { ComputingService } from '../computing/computing.service.js';
import type { Queryable, Tx } from '../database/transaction.js';
import { Problem } from '../http/problem.js';
import { NodeConfigRepository } from './node-config.repository.js';

export interface DraftedImport {
  readonly plan: ImportPlan;
  /** What the environment held when it was planned. */
  readonly basis: ImportEnvironment;
}

/** Plans an import outside of any transaction: a large file takes its time, and others need the connection. */
@Injectable()
export class NodeConfigImportPlanner {
  constructor(
    private readonly repository: NodeConfigRepository,
    private readonly computing: ComputingService,
  ) {}

  async plan(
    { environmentId }: EnvironmentScope,
    question: z.output<typeof NodeConfigImport>,
    on: Queryable,
  ): Promise<DraftedImport> {
    const basis = await this.#read(environmentId, on);
    const input = { question, environment: basis };
    const text = question.document + JSON.stringify(basis);
    const planned = await this.computing.run('planNodeConfigImport', input, text);
    if (!planned.ok) throw notLoadable(planned.error);
    return { plan: withWrappedSecrets(planned.value), basis };
  }

  /** Whether the plan still fits. From here on no other import changes the environment. */
  async hold(
    tx: Tx,
    { environmentId }: EnvironmentScope,
    basis: ImportEnvironment,
  ): Promise<boolean> {
    if (!(await this.repository.holdEnvironment(tx, environmentId)))
      throw new Problem('environment.removing');
    return JSON.stringify(await this.#read(environmentId, tx)) === JSON.stringify(basis);
  }

  async #read(environmentId: string, on: Queryable): Promise<ImportEnvironment> {
    const registries = await this.repository.listKnown(environmentId, on);
    const mirrors = await this.repository.listMirrors(environmentId, on);
    return { registries, mirrors };
  }
}

/** The words of the checker, which hold nothing of the document. */
function notLoadable({ line, column, code, message, suggestion }: NotLoadable): Problem {
  if (code === 'registries-yaml.document-too-large')
    return new Problem('request.too-large', 'The document is larger than 512 KiB.');
  const detail = `Line ${line}, column ${column}: ${message}${suggestion === null ? '' : ` ${suggestion}`}`;
  return new Problem('node-config.not-loadable', detail, {
    errors: [{ pointer: '/document', code, detail }],
    members: { line, column },
  });
}
