'use client';

import { Button, Modal } from '@mantine/core';
import type { Registry } from '@moorage/contract';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { FormField } from '../../../components/form-field';
import { ProblemNotice } from '../../../components/problem-notice';
import { RegistryCost } from '../../../components/registry-cost';
import { useProblemText } from '../../../lib/problem-text';
import { useEnvironment } from '../../../lib/session-context';
import { useAction } from '../../../lib/use-action';
import { changeRegistry, type RegistryChange } from '../actions';
import { ConnectionFields } from './connection-fields';
import { type ConnectionDraft, connectionInputOf } from './registry-draft';

type Deliver = Registry['deliver'];
const DELIVER: readonly Deliver[] = ['both', 'pull-secret', 'nodes'];

interface Draft {
  readonly name: string;
  readonly description: string;
  readonly deliver: Deliver;
  readonly connection: ConnectionDraft;
}

function startOf({ name, description, deliver, connection }: Registry): Draft {
  return {
    name,
    description,
    deliver,
    connection: {
      scheme: connection.scheme,
      insecureSkipVerify: connection.insecureSkipVerify,
      caCertificate: connection.caCertificate ?? '',
      clientCertificate: connection.clientCertificate ?? '',
      clientKey: '',
    },
  };
}

function changeOf(draft: Draft, start: Draft): RegistryChange {
  const isSameConnection = JSON.stringify(draft.connection) === JSON.stringify(start.connection);
  return {
    ...(draft.name === start.name ? {} : { name: draft.name }),
    ...(draft.description === start.description ? {} : { description: draft.description }),
    ...(draft.deliver === start.deliver ? {} : { deliver: draft.deliver }),
    ...(isSameConnection ? {} : { connection: connectionInputOf(draft.connection) }),
  };
}

/** Everything but the address, which never changes. */
export function RegistryDialog({ registry, onClose }: { registry: Registry; onClose: () => void }) {
  const t = useTranslations('registries');
  const { env } = useEnvironment();
  const [start] = useState(() => startOf(registry));
  const [draft, setDraft] = useState(start);
  const { run, pending, error } = useAction(changeRegistry, ['registries']);
  const { fields } = useProblemText()(error);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const outcome = await run(env, registry, changeOf(draft, start));
    if (outcome.ok) onClose();
  };
  return (
    <Modal opened onClose={onClose} title={<strong>{t('detail.editTitle')}</strong>} size={560}>
      <form className="stack" onSubmit={(event) => void submit(event)}>
        <p className="dim">
          <span className="mono">{registry.address}</span> {t('detail.addressStays')}
        </p>
        {error !== null && <ProblemNotice error={error} />}
        <FormField
          label={t('form.name')}
          required
          error={fields.name}
          value={draft.name}
          onChange={({ currentTarget }) => setDraft({ ...draft, name: currentTarget.value })}
        />
        <FormField
          label={t('form.description')}
          value={draft.description}
          onChange={({ currentTarget }) => setDraft({ ...draft, description: currentTarget.value })}
        />
        <FormField
          kind="choice"
          label={t('deliver.label')}
          choices={DELIVER.map((value) => ({ value, label: t(`deliver.${value}`) }))}
          value={draft.deliver}
          onChange={({ currentTarget }) =>
            setDraft({
              ...draft,
              deliver: DELIVER.find((each) => each === currentTarget.value) ?? 'both',
            })
          }
        />
        {draft.deliver !== start.deliver && (
          <RegistryCost
            env={env}
            address={registry.address}
            change={draft.deliver === 'pull-secret' ? 'deliver-pull-secret' : 'deliver-nodes'}
          />
        )}
        <ConnectionFields
          value={draft.connection}
          onChange={(connection) => setDraft({ ...draft, connection })}
          hasClientKey={registry.connection.hasClientKey}
          fieldErrors={fields}
        />
        <div className="row">
          <Button variant="default" className="push" onClick={onClose}>
            {t('add.cancel')}
          </Button>
          <Button type="submit" loading={pending}>
            {t('stack.save')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
