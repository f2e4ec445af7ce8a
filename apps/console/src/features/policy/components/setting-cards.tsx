'use client';

import type { Setting, SettingName } from '@moorage/contract';
import { DefaultRegistryCard } from './default-registry-card';
import { ModeCard } from './mode-card';
import type { SettingChanges } from './use-setting-change';
import { WhitelistCard } from './whitelist-card';
import type { ShownEntry } from './whitelist-draft';

interface SettingCardsProps {
  readonly env: string | null;
  readonly settings: readonly Setting[];
  readonly entries: readonly ShownEntry[];
  readonly inForce: readonly string[] | null;
  readonly mayWrite: boolean;
  readonly changes: SettingChanges;
}

/** On the installation's own page what the installation says is set here. */
function atItsOwnLevel(setting: Setting): Setting {
  return setting.source === 'installation' ? { ...setting, source: 'environment' } : setting;
}

/** The three things that can be set, as cards; choices are made anew when what is stored changes. */
export function SettingCards(props: SettingCardsProps) {
  const { env, settings, entries, inForce, mayWrite, changes } = props;
  const of = (name: SettingName) => {
    const setting = settings.find((each) => each.name === name);
    return env === null && setting !== undefined ? atItsOwnLevel(setting) : setting;
  };
  const [whitelist, mode, registry, at] = [
    of('registry.whitelist'),
    of('policy.mode'),
    of('registry.default'),
    of('policy.default-registry-at'),
  ];
  const shared = { mayWrite, changes };
  const keyOf = ({ value, effective, notes }: Setting) => JSON.stringify([value, effective, notes]);
  return (
    <>
      {whitelist !== undefined && (
        <WhitelistCard
          env={env}
          setting={whitelist}
          entries={entries}
          inForce={inForce}
          {...shared}
        />
      )}
      {mode !== undefined && (
        <ModeCard
          key={`mode/${keyOf(mode)}`}
          setting={mode}
          canInherit={mode.value !== null}
          isInstallation={env === null}
          {...shared}
        />
      )}
      {registry !== undefined && at !== undefined && (
        <DefaultRegistryCard
          key={`default/${keyOf(registry)}/${keyOf(at)}`}
          registry={registry}
          at={at}
          isInstallation={env === null}
          {...shared}
        />
      )}
    </>
  );
}
