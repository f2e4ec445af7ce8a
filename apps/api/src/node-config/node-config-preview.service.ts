import type { NodeConfigPreview, NodeConfigPreviewQuestion } from '@moorage/contract';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { EnvironmentScope } from '../auth/actor.js';
import { withoutMarks } from '../computing/computations.js';
import { ComputingService } from '../computing/computing.service.js';
import { presentNodeConfigPreview } from './node-config.presenter.js';
import { NodeConfigModelService } from './node-config-model.service.js';

@Injectable()
export class NodeConfigPreviewService {
  constructor(
    private readonly model: NodeConfigModelService,
    private readonly computing: ComputingService,
  ) {}

  /** Masked throughout: no secret is opened for it. Changes nothing. */
  async preview(
    scope: EnvironmentScope,
    { format, ...draft }: z.output<typeof NodeConfigPreviewQuestion>,
  ): Promise<NodeConfigPreview> {
    const stored = withoutMarks(await this.model.load(scope.environmentId, 'masked'));
    const question = { stored, draft, format };
    const text = JSON.stringify(question);
    return presentNodeConfigPreview(await this.computing.run('previewNodeConfig', question, text));
  }
}
