/** All endpoints: what the OpenAPI document, the route walk in the tests and the client are made from. */
import { apiKeyEndpoints } from './api-keys.js';
import { auditEndpoints } from './audit.js';
import { clusterEndpoints } from './clusters.js';
import { credentialEndpoints } from './credentials.js';
import { environmentEndpoints } from './environments.js';
import { eventEndpoints } from './events.js';
import { imageEndpoints } from './images.js';
import { impactEndpoints } from './impacts.js';
import { mirrorEndpoints } from './mirrors.js';
import { nodeConfigEndpoints } from './node-config.js';
import { nodeEndpoints } from './nodes.js';
import { policyEndpoints } from './policies.js';
import { registryEndpoints } from './registries.js';
import { sessionEndpoints } from './session.js';
import { settingEndpoints } from './settings.js';
import { targetEndpoints } from './targets.js';
import { toolEndpoints } from './tools.js';
import { userEndpoints } from './users.js';

export const endpoints = {
  ...sessionEndpoints,
  ...userEndpoints,
  ...apiKeyEndpoints,
  ...environmentEndpoints,
  ...settingEndpoints,
  ...policyEndpoints,
  ...imageEndpoints,
  ...registryEndpoints,
  ...credentialEndpoints,
  ...impactEndpoints,
  ...clusterEndpoints,
  ...targetEndpoints,
  ...mirrorEndpoints,
  ...nodeConfigEndpoints,
  ...nodeEndpoints,
  ...toolEndpoints,
  ...auditEndpoints,
  ...eventEndpoints,
};
