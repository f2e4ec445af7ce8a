import type { NodeConfigPreview, NodeConfigPreviewQuestion } from '@moorage/contract';
import { previewNodeConfig } from '@moorage/core';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { EnvironmentScope } from '../auth/actor.js';
import { presentNodeConfigPreview } from './node-config.presenter.js';
import { NodeConfigModelService } from './node-config-model.service.js';

@Injectable()
export class NodeConfigPreviewService {
  constructor(private readonly model: NodeConfigModelService) {}

  /** Masked throughout: no secret is opened for it. Changes nothing. */
  async preview(
    scope: EnvironmentScope,
    { format, ...draft }: z.output<typeof NodeConfigPreviewQuestion>,
  ): Promise<NodeConfigPreview> {
    const stored = await this.model.load(scope.environmentId, 'masked');
    return presentNodeConfigPreview(previewNodeConfig(stored, draft, format));
  }
}
