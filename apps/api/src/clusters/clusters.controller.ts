import { endpoints } from '@moorage/contract';
import { Controller } from '@nestjs/common';
import { type Actor, CurrentActor, type EnvironmentScope, Scope } from '../auth/actor.js';
import { Endpoint, type InputOf, type ReplyOf } from '../http/endpoint.decorator.js';
import { IfMatch, Input } from '../http/input.decorator.js';
import { ClusterInspectionService } from './cluster-inspection.service.js';
import { ClustersService } from './clusters.service.js';
import { GrantsService } from './grants.service.js';

@Controller()
export class ClustersController {
  constructor(
    private readonly service: ClustersService,
    private readonly inspection: ClusterInspectionService,
    private readonly grants: GrantsService,
  ) {}

  @Endpoint(endpoints.listClusters)
  list(
    @Input() { query }: InputOf<typeof endpoints.listClusters>,
  ): Promise<ReplyOf<typeof endpoints.listClusters>> {
    return this.service.list(query);
  }

  @Endpoint(endpoints.createCluster)
  create(
    @CurrentActor() actor: Actor,
    @Input() { body }: InputOf<typeof endpoints.createCluster>,
  ): Promise<ReplyOf<typeof endpoints.createCluster>> {
    return this.service.create(actor, body);
  }

  @Endpoint(endpoints.inspectKubeconfig)
  async inspect(
    @Input() { body }: InputOf<typeof endpoints.inspectKubeconfig>,
  ): Promise<ReplyOf<typeof endpoints.inspectKubeconfig>> {
    return this.service.inspect(body);
  }

  @Endpoint(endpoints.getCluster)
  get(
    @Input() { params }: InputOf<typeof endpoints.getCluster>,
  ): Promise<ReplyOf<typeof endpoints.getCluster>> {
    return this.service.get(params.clusterId);
  }

  @Endpoint(endpoints.updateCluster)
  update(
    @CurrentActor() actor: Actor,
    @Input() { params, body }: InputOf<typeof endpoints.updateCluster>,
    @IfMatch() version: number | undefined,
  ): Promise<ReplyOf<typeof endpoints.updateCluster>> {
    return this.service.update(actor, params.clusterId, body, version);
  }

  @Endpoint(endpoints.deleteCluster)
  remove(
    @CurrentActor() actor: Actor,
    @Input() { params, query }: InputOf<typeof endpoints.deleteCluster>,
  ): Promise<void> {
    return this.service.remove(actor, params.clusterId, query.forget ?? false);
  }

  @Endpoint(endpoints.checkCluster)
  check(
    @Input() { params }: InputOf<typeof endpoints.checkCluster>,
  ): Promise<ReplyOf<typeof endpoints.checkCluster>> {
    return this.inspection.check(params.clusterId);
  }

  @Endpoint(endpoints.listClusterNamespaces)
  namespaces(
    @Input() { params, query }: InputOf<typeof endpoints.listClusterNamespaces>,
  ): Promise<ReplyOf<typeof endpoints.listClusterNamespaces>> {
    return this.inspection.namespaces(params.clusterId, query);
  }

  @Endpoint(endpoints.getClusterPermissions)
  permissions(
    @Input() { params }: InputOf<typeof endpoints.getClusterPermissions>,
  ): Promise<ReplyOf<typeof endpoints.getClusterPermissions>> {
    return this.inspection.permissions(params.clusterId);
  }

  @Endpoint(endpoints.listGrants)
  listGrants(
    @Input() { params }: InputOf<typeof endpoints.listGrants>,
  ): Promise<ReplyOf<typeof endpoints.listGrants>> {
    return this.grants.list(params.clusterId);
  }

  @Endpoint(endpoints.putGrants)
  putGrants(
    @CurrentActor() actor: Actor,
    @Input() { params, body }: InputOf<typeof endpoints.putGrants>,
  ): Promise<ReplyOf<typeof endpoints.putGrants>> {
    return this.grants.replace(actor, params.clusterId, body);
  }

  @Endpoint(endpoints.listGrantedClusters)
  listGranted(
    @CurrentActor() actor: Actor,
    @Scope() scope: EnvironmentScope,
    @Input() { query }: InputOf<typeof endpoints.listGrantedClusters>,
  ): Promise<ReplyOf<typeof endpoints.listGrantedClusters>> {
    return this.service.listGranted(actor, scope, query);
  }
}
