import type { ComputingPlace } from './computing/computing-place.js';
import type { Env } from './config/env.js';
import type { Log } from './config/log.js';
import type { OpenedInstallation } from './sealing/installation.js';

/** What is opened before the application is built, and handed to its modules. */
export interface ApplicationParts {
  readonly env: Env;
  readonly log: Log;
  readonly connectionString: string;
  readonly opened: OpenedInstallation;
  /** absent = beside this program, as it is built */
  readonly computing?: ComputingPlace;
}
