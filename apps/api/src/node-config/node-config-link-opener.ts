/**
 * Opens a link. It carries the permission of who made it, so that is looked up again: whoever has lost
 * it since, with their key, their role or their account, has made a link that opens nothing.
 */
import type { NodeConfig, NodeConfigFormat } from '@moorage/core';
import { Injectable } from '@nestjs/common';
import { HeldPermissions } from '../auth/held-permissions.js';
import { Problem } from '../http/problem.js';
import { NodeConfigLinksService } from './node-config-links.service.js';
import { NodeConfigModelService } from './node-config-model.service.js';

export interface OpenedLink {
  readonly environment: string;
  readonly format: NodeConfigFormat;
  /** With its secrets. */
  readonly config: NodeConfig;
}

/** Who opens it, as far as anybody knows. */
export interface LinkVisitor {
  readonly requestId: string;
  readonly address: string;
}

@Injectable()
export class NodeConfigLinkOpener {
  constructor(
    private readonly links: NodeConfigLinksService,
    private readonly permissions: HeldPermissions,
    private readonly model: NodeConfigModelService,
  ) {}

  /** Once. Everything else is answered alike: used, expired, revoked, never made. */
  async open(token: string, visitor: LinkVisitor): Promise<OpenedLink> {
    const link = await this.links.find(token);
    if (link === undefined) throw gone();
    const standing = await this.permissions.ofHolder(link, link.environmentId);
    if (standing === null || standing.environment.state !== 'active') throw gone();
    if (!standing.permissions.has('node-config:secrets')) throw gone();
    const { environmentId, format } = link;
    // Before the link is used up: what cannot be rendered now can be tried again.
    const config = await this.model.render(environmentId, { format, secrets: 'included' });
    const { name } = standing.environment;
    // What cannot be recorded is not given out.
    if (!(await this.links.use(link, { ...standing.actor, ...visitor }, name))) throw gone();
    return { environment: name, format, config };
  }
}

function gone(): Problem {
  return new Problem(
    'node-config.link-gone',
    'Make a new link: each works once, for a short time.',
  );
}
