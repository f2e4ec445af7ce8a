/**
 * Method and path of every endpoint that the console calls. Typed by the contract, so a wrong one does
 * not compile; written out, so that no page carries the contract's schemas (zod) to the browser.
 */
import type { CallInput, CallReply, endpoints } from '@moorage/contract';

type Endpoints = typeof endpoints;
type Route<E extends keyof Endpoints> = `${Endpoints[E]['method']} ${Endpoints[E]['path']}`;

export const OPERATIONS = {
  signIn: 'POST /session',
  getSession: 'GET /session',
  signOut: 'DELETE /session',
  listUsers: 'GET /users',
  createUser: 'POST /users',
  updateUser: 'PATCH /users/:userId',
  deleteUser: 'DELETE /users/:userId',
  changeOwnPassword: 'PUT /users/me/password',
  listApiKeys: 'GET /api-keys',
  createApiKey: 'POST /api-keys',
  deleteApiKey: 'DELETE /api-keys/:keyId',
  listEnvironments: 'GET /environments',
  createEnvironment: 'POST /environments',
  updateEnvironment: 'PATCH /environments/:env',
  deleteEnvironment: 'DELETE /environments/:env',
  getEnvironmentSummary: 'GET /environments/:env/summary',
  listMembers: 'GET /environments/:env/members',
  putMember: 'PUT /environments/:env/members/:userId',
  deleteMember: 'DELETE /environments/:env/members/:userId',
  listInstallationSettings: 'GET /settings',
  putInstallationSetting: 'PUT /settings/:name',
  deleteInstallationSetting: 'DELETE /settings/:name',
  listSettings: 'GET /environments/:env/settings',
  putSetting: 'PUT /environments/:env/settings/:name',
  deleteSetting: 'DELETE /environments/:env/settings/:name',
  listRegistries: 'GET /environments/:env/registries',
  createRegistry: 'POST /environments/:env/registries',
  getRegistry: 'GET /environments/:env/registries/:registryId',
  updateRegistry: 'PATCH /environments/:env/registries/:registryId',
  deleteRegistry: 'DELETE /environments/:env/registries/:registryId',
  enableRegistry: 'POST /environments/:env/registries/:registryId/enable',
  disableRegistry: 'POST /environments/:env/registries/:registryId/disable',
  getRegistryImpact: 'GET /environments/:env/registries/:registryId/impact',
  listCredentials: 'GET /environments/:env/registries/:registryId/credentials',
  createCredential: 'POST /environments/:env/registries/:registryId/credentials',
  updateCredential: 'PATCH /environments/:env/registries/:registryId/credentials/:credentialId',
  deleteCredential: 'DELETE /environments/:env/registries/:registryId/credentials/:credentialId',
  enableCredential:
    'POST /environments/:env/registries/:registryId/credentials/:credentialId/enable',
  disableCredential:
    'POST /environments/:env/registries/:registryId/credentials/:credentialId/disable',
  getCredentialImpact:
    'GET /environments/:env/registries/:registryId/credentials/:credentialId/impact',
  listClusters: 'GET /clusters',
  createCluster: 'POST /clusters',
  inspectKubeconfig: 'POST /clusters/inspect-kubeconfig',
  getCluster: 'GET /clusters/:clusterId',
  updateCluster: 'PATCH /clusters/:clusterId',
  deleteCluster: 'DELETE /clusters/:clusterId',
  checkCluster: 'POST /clusters/:clusterId/check',
  getClusterPermissions: 'GET /clusters/:clusterId/permissions',
  listGrants: 'GET /clusters/:clusterId/grants',
  putGrants: 'PUT /clusters/:clusterId/grants',
  listGrantedClusters: 'GET /environments/:env/clusters',
  listTargets: 'GET /environments/:env/targets',
  createTarget: 'POST /environments/:env/targets',
  planNewTarget: 'POST /environments/:env/targets/plan',
  getTarget: 'GET /environments/:env/targets/:targetId',
  updateTarget: 'PATCH /environments/:env/targets/:targetId',
  deleteTarget: 'DELETE /environments/:env/targets/:targetId',
  planTarget: 'GET /environments/:env/targets/:targetId/plan',
  syncTarget: 'POST /environments/:env/targets/:targetId/sync',
  listTargetNamespaces: 'GET /environments/:env/targets/:targetId/namespaces',
  adoptSecret: 'POST /environments/:env/targets/:targetId/adopt',
  listMirrors: 'GET /environments/:env/mirrors',
  createMirror: 'POST /environments/:env/mirrors',
  updateMirror: 'PATCH /environments/:env/mirrors/:mirrorId',
  deleteMirror: 'DELETE /environments/:env/mirrors/:mirrorId',
  getNodeConfig: 'GET /environments/:env/node-config',
  listAudit: 'GET /environments/:env/audit',
  listInstallationAudit: 'GET /audit',
} as const satisfies { readonly [K in keyof Endpoints]?: Route<K> };

export type OperationId = keyof typeof OPERATIONS;
export type Input<O extends OperationId> = CallInput<Endpoints[O]>;
export type Reply<O extends OperationId> = CallReply<Endpoints[O]>;
