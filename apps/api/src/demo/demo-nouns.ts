import { Inject, Injectable } from '@nestjs/common';
import { ClustersService } from '../clusters/clusters.service.js';
import { LOG, type Log } from '../config/log.js';
import { EnvironmentsService } from '../environments/environments.service.js';
import { ChangeFeed } from '../events/change-feed.js';
import { RegistriesService } from '../registries/registries.service.js';
import { TargetsService } from '../targets/targets.service.js';

/** The services that the demo is made with. */
@Injectable()
export class DemoNouns {
  constructor(
    readonly environments: EnvironmentsService,
    readonly registries: RegistriesService,
    readonly clusters: ClustersService,
    readonly targets: TargetsService,
    readonly feed: ChangeFeed,
    @Inject(LOG) readonly log: Log,
  ) {}
}
