'use client';

import { Button, Checkbox, Radio } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { FormField } from '../../../components/form-field';
import { Notice } from '../../../components/notice';
import classes from './registries.module.css';
import type { ConnectionDraft } from './registry-draft';

interface ConnectionFieldsProps {
  readonly value: ConnectionDraft;
  readonly onChange: (next: ConnectionDraft) => void;
  readonly hasClientKey: boolean;
  readonly fieldErrors: Readonly<Record<string, string>>;
}

function ClientKey({ value, onChange, hasClientKey, fieldErrors }: ConnectionFieldsProps) {
  const t = useTranslations('registries.connection');
  const [isReplacing, setReplacing] = useState(!hasClientKey);
  if (!isReplacing) {
    return (
      <div className="row">
        <span>{t('keySet')}</span>
        <Button variant="default" onClick={() => setReplacing(true)}>
          {t('replace')}
        </Button>
      </div>
    );
  }
  return (
    <FormField
      kind="area"
      label={t('clientKey')}
      hint={t('clientKeyHint')}
      placeholder="-----BEGIN PRIVATE KEY-----"
      mono
      error={fieldErrors['connection.clientKey']}
      value={value.clientKey}
      onChange={({ currentTarget }) => onChange({ ...value, clientKey: currentTarget.value })}
    />
  );
}

function TlsFields(props: ConnectionFieldsProps) {
  const { value, onChange, fieldErrors } = props;
  const t = useTranslations('registries.connection');
  return (
    <>
      <FormField
        kind="area"
        label={t('ca')}
        hint={t('caHint')}
        placeholder="-----BEGIN CERTIFICATE-----"
        mono
        error={fieldErrors['connection.caCertificate']}
        value={value.caCertificate}
        onChange={({ currentTarget }) => onChange({ ...value, caCertificate: currentTarget.value })}
      />
      <FormField
        kind="area"
        label={t('clientCertificate')}
        placeholder="-----BEGIN CERTIFICATE-----"
        mono
        error={fieldErrors['connection.clientCertificate']}
        value={value.clientCertificate}
        onChange={({ currentTarget }) =>
          onChange({ ...value, clientCertificate: currentTarget.value })
        }
      />
      {value.clientCertificate.trim() !== '' && <ClientKey {...props} />}
      <Checkbox
        label={t('skipVerify')}
        checked={value.insecureSkipVerify}
        onChange={({ currentTarget }) =>
          onChange({ ...value, insecureSkipVerify: currentTarget.checked })
        }
      />
      {value.insecureSkipVerify && <Notice tone="bad">{t('skipVerifyConsequence')}</Notice>}
    </>
  );
}

/** How the registry is reached; each choice that weakens it says what follows. */
export function ConnectionFields(props: ConnectionFieldsProps) {
  const { value, onChange } = props;
  const t = useTranslations('registries.connection');
  return (
    <div className={`stack ${classes.connection ?? ''}`}>
      <Radio.Group
        label={t('scheme')}
        value={value.scheme}
        onChange={(scheme) => onChange({ ...value, scheme: scheme === 'http' ? 'http' : 'https' })}
      >
        <div className="row">
          <Radio value="https" label="https" />
          <Radio value="http" label="http" />
        </div>
      </Radio.Group>
      {value.scheme === 'http' ? (
        <Notice tone="warn">{t('httpConsequence')}</Notice>
      ) : (
        <TlsFields {...props} />
      )}
    </div>
  );
}
