import { endpoints, SETTING_NAMES, type SettingName } from '@moorage/contract';
import { Controller } from '@nestjs/common';
import { type Actor, CurrentActor, type EnvironmentScope, Scope } from '../auth/actor.js';
import { Endpoint, type InputOf, type ReplyOf } from '../http/endpoint.decorator.js';
import { IfMatch, Input } from '../http/input.decorator.js';
import { notFound } from '../http/problem.js';
import { type SettingPutInput, SettingsService } from './settings.service.js';

function settingName(text: string): SettingName {
  const name = SETTING_NAMES.find((each) => each === text);
  if (name === undefined) throw notFound();
  return name;
}

type PutBody = InputOf<typeof endpoints.putSetting>['body'];

function putInput(name: string, body: PutBody, version: number | undefined): SettingPutInput {
  const { value, notes, acknowledged } = body;
  return { name: settingName(name), value, notes, acknowledged, version };
}

@Controller()
export class SettingsController {
  constructor(private readonly service: SettingsService) {}

  @Endpoint(endpoints.listInstallationSettings)
  async listInstallation(): Promise<ReplyOf<typeof endpoints.listInstallationSettings>> {
    return { items: await this.service.list(null) };
  }

  @Endpoint(endpoints.getInstallationSetting)
  async getInstallation(
    @Input() { params }: InputOf<typeof endpoints.getInstallationSetting>,
  ): Promise<ReplyOf<typeof endpoints.getInstallationSetting>> {
    return this.service.get(null, settingName(params.name));
  }

  @Endpoint(endpoints.putInstallationSetting)
  async putInstallation(
    @CurrentActor() actor: Actor,
    @Input() { params, query, body }: InputOf<typeof endpoints.putInstallationSetting>,
    @IfMatch() version: number | undefined,
  ): Promise<ReplyOf<typeof endpoints.putInstallationSetting>> {
    const input = putInput(params.name, body, version);
    return query.dryRun === true
      ? this.service.dryRun(actor, null, input)
      : this.service.put(actor, null, input);
  }

  @Endpoint(endpoints.deleteInstallationSetting)
  async clearInstallation(
    @CurrentActor() actor: Actor,
    @Input() { params, query }: InputOf<typeof endpoints.deleteInstallationSetting>,
    @IfMatch() version: number | undefined,
  ): Promise<void> {
    const { acknowledged } = query;
    await this.service.clear(actor, null, {
      name: settingName(params.name),
      version,
      acknowledged,
    });
  }

  @Endpoint(endpoints.listSettings)
  async list(@Scope() scope: EnvironmentScope): Promise<ReplyOf<typeof endpoints.listSettings>> {
    return { items: await this.service.list(scope.environmentId) };
  }

  @Endpoint(endpoints.getSetting)
  async get(
    @Scope() scope: EnvironmentScope,
    @Input() { params }: InputOf<typeof endpoints.getSetting>,
  ): Promise<ReplyOf<typeof endpoints.getSetting>> {
    return this.service.get(scope.environmentId, settingName(params.name));
  }

  @Endpoint(endpoints.putSetting)
  async put(
    @CurrentActor() actor: Actor,
    @Scope() scope: EnvironmentScope,
    @Input() { params, query, body }: InputOf<typeof endpoints.putSetting>,
    @IfMatch() version: number | undefined,
  ): Promise<ReplyOf<typeof endpoints.putSetting>> {
    const input = putInput(params.name, body, version);
    return query.dryRun === true
      ? this.service.dryRun(actor, scope.environmentId, input)
      : this.service.put(actor, scope.environmentId, input);
  }

  @Endpoint(endpoints.deleteSetting)
  async clear(
    @CurrentActor() actor: Actor,
    @Scope() scope: EnvironmentScope,
    @Input() { params, query }: InputOf<typeof endpoints.deleteSetting>,
    @IfMatch() version: number | undefined,
  ): Promise<void> {
    await this.service.clear(actor, scope.environmentId, {
      name: settingName(params.name),
      version,
      acknowledged: query.acknowledged,
    });
  }
}
