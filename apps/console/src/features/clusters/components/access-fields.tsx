'use client';

import { Button, FileButton, Radio } from '@mantine/core';
import type { KubeconfigInspection } from '@moorage/contract';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { FormField } from '../../../components/form-field';
import { ProblemNotice } from '../../../components/problem-notice';
import { useAction } from '../../../lib/use-action';
import { type ClusterAccess, inspectKubeconfig } from '../actions';
import { InspectionReport } from './inspection-report';

type Way = 'kubeconfig' | 'token';

export interface AccessDraft {
  readonly way: Way;
  readonly kubeconfig: string;
  readonly inspection: KubeconfigInspection | null;
  readonly server: string;
  readonly caCertificate: string;
  readonly token: string;
}

export const EMPTY_ACCESS: AccessDraft = {
  way: 'kubeconfig',
  kubeconfig: '',
  inspection: null,
  server: '',
  caCertificate: '',
  token: '',
};

/** The request's part for the access; null while it cannot be used. */
export function accessOf(draft: AccessDraft): ClusterAccess | null {
  if (draft.way === 'token') {
    const { server, caCertificate, token } = draft;
    if (server.trim() === '' || token.trim() === '') return null;
    return {
      server: server.trim(),
      token: token.trim(),
      ...(caCertificate.trim() === '' ? {} : { caCertificate }),
    };
  }
  if (draft.inspection?.ok !== true) return null;
  const { context } = draft.inspection;
  return { kubeconfig: draft.kubeconfig, ...(context === null ? {} : { context }) };
}

interface AccessFieldsProps {
  readonly draft: AccessDraft;
  readonly set: (change: Partial<AccessDraft>) => void;
  readonly fieldErrors: Readonly<Record<string, string>>;
}

function KubeconfigFields({ draft, set, fieldErrors }: AccessFieldsProps) {
  const t = useTranslations('clusters.access');
  const { run, pending, error } = useAction(inspectKubeconfig, []);
  const inspect = async (kubeconfig: string, context?: string) => {
    if (kubeconfig.trim() === '') return;
    const outcome = await run(kubeconfig, context);
    if (outcome.ok) set({ kubeconfig, inspection: outcome.value });
  };
  const take = async (file: File | null) => {
    if (file === null) return;
    const kubeconfig = await file.text();
    set({ kubeconfig, inspection: null });
    await inspect(kubeconfig);
  };
  return (
    <>
      <FormField
        kind="area"
        label={t('kubeconfig')}
        hint={t('kubeconfigHint')}
        placeholder={'apiVersion: v1\nkind: Config'}
        rows={6}
        mono
        error={fieldErrors.kubeconfig}
        value={draft.kubeconfig}
        onChange={({ currentTarget }) => set({ kubeconfig: currentTarget.value, inspection: null })}
        onBlur={({ currentTarget }) => {
          if (draft.inspection === null) void inspect(currentTarget.value);
        }}
      />
      <div className="row">
        <FileButton onChange={(file) => void take(file)}>
          {(props) => (
            <Button variant="default" {...props}>
              {t('chooseFile')}
            </Button>
          )}
        </FileButton>
        <Button
          variant="default"
          loading={pending}
          disabled={draft.kubeconfig.trim() === ''}
          onClick={() => void inspect(draft.kubeconfig)}
        >
          {t('inspect')}
        </Button>
      </div>
      {error !== null && <ProblemNotice error={error} />}
      {draft.inspection !== null && (
        <InspectionReport
          inspection={draft.inspection}
          onContext={(context) => void inspect(draft.kubeconfig, context)}
        />
      )}
    </>
  );
}

function TokenFields({ draft, set, fieldErrors }: AccessFieldsProps) {
  const t = useTranslations('clusters.access');
  return (
    <>
      <FormField
        label={t('server')}
        placeholder="https://10.0.0.1:6443"
        mono
        required
        error={fieldErrors.server}
        value={draft.server}
        onChange={({ currentTarget }) => set({ server: currentTarget.value })}
      />
      <FormField
        kind="area"
        label={t('ca')}
        hint={t('caHint')}
        placeholder="-----BEGIN CERTIFICATE-----"
        mono
        error={fieldErrors.caCertificate}
        value={draft.caCertificate}
        onChange={({ currentTarget }) => set({ caCertificate: currentTarget.value })}
      />
      <FormField
        kind="secret"
        label={t('token')}
        hint={t('tokenHint')}
        required
        error={fieldErrors.token}
        value={draft.token}
        onChange={({ currentTarget }) => set({ token: currentTarget.value })}
      />
    </>
  );
}

/** How a cluster is reached: a kubeconfig, or its parts. */
export function AccessFields(props: AccessFieldsProps) {
  const t = useTranslations('clusters.access');
  const [way, setWay] = useState(props.draft.way);
  const choose = (next: string) => {
    const chosen = next === 'token' ? 'token' : 'kubeconfig';
    setWay(chosen);
    props.set({ way: chosen });
  };
  return (
    <>
      <Radio.Group label={t('way')} value={way} onChange={choose}>
        <div className="row" style={{ columnGap: 20 }}>
          <Radio value="kubeconfig" label={t('byKubeconfig')} />
          <Radio value="token" label={t('byToken')} />
        </div>
      </Radio.Group>
      {way === 'kubeconfig' ? <KubeconfigFields {...props} /> : <TokenFields {...props} />}
    </>
  );
}
