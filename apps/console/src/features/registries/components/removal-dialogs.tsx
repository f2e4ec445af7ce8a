'use client';

import type { Credential, Registry } from '@moorage/contract';
import { useQuery } from '@tanstack/react-query';
import { usePathname, useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { ConfirmDialog } from '../../../components/confirm-dialog';
import { RegistryCost } from '../../../components/registry-cost';
import { QueryView } from '../../../components/states';
import { useEnvironment } from '../../../lib/session-context';
import { useAction } from '../../../lib/use-action';
import { deleteCredential, deleteRegistry, disableCredential, disableRegistry } from '../actions';
import { credentialImpactOf, registryImpactOf } from '../loaders';
import { ImpactReport } from './impact-report';

type Action = 'disable' | 'delete';

/** Disables or deletes a registry, after showing what leaves the clusters. */
export function RegistryRemoval({
  registry,
  action,
  onClose,
}: {
  registry: Registry;
  action: Action;
  onClose: () => void;
}) {
  const t = useTranslations('registries.removal');
  const { env } = useEnvironment();
  const router = useRouter();
  const pathname = usePathname();
  const impact = useQuery(registryImpactOf(env, registry.id, action));
  const write = action === 'delete' ? deleteRegistry : disableRegistry;
  const { run, pending, error } = useAction<Parameters<typeof write>, unknown>(write, [
    'registries',
  ]);
  const confirm = async () => {
    const outcome = await run(env, registry);
    if (!outcome.ok) return;
    onClose();
    if (action === 'delete' && pathname.endsWith(registry.id)) router.push(`/e/${env}/registries`);
  };
  return (
    <ConfirmDialog
      title={t(`${action}Registry`, { name: registry.name })}
      confirmLabel={t(action)}
      destructive={action === 'delete'}
      {...(action === 'delete' && registry.reach.namespaces > 0
        ? { typeToConfirm: registry.address }
        : {})}
      onConfirm={() => void confirm()}
      onClose={onClose}
      pending={pending}
      error={error}
    >
      <p>{t(`${action}RegistryHint`)}</p>
      <QueryView query={impact}>{(report) => <ImpactReport impact={report} />}</QueryView>
      <RegistryCost env={env} address={registry.address} change="remove" />
    </ConfirmDialog>
  );
}

/** Disables or deletes one credential, after showing which other takes over. */
export function CredentialRemoval({
  registry,
  credential,
  action,
  onClose,
}: {
  registry: Registry;
  credential: Credential;
  action: Action;
  onClose: () => void;
}) {
  const t = useTranslations('registries.removal');
  const { env } = useEnvironment();
  const impact = useQuery(credentialImpactOf(env, registry.id, credential.id, action));
  const write = action === 'delete' ? deleteCredential : disableCredential;
  const { run, pending, error } = useAction<Parameters<typeof write>, unknown>(write, [
    'credentials',
  ]);
  const confirm = async () => {
    const outcome = await run(env, registry.id, credential);
    if (outcome.ok) onClose();
  };
  return (
    <ConfirmDialog
      title={t(`${action}Credential`, { username: credential.username })}
      confirmLabel={t(action)}
      destructive={action === 'delete'}
      onConfirm={() => void confirm()}
      onClose={onClose}
      pending={pending}
      error={error}
    >
      <p>{t(`${action}CredentialHint`)}</p>
      <QueryView query={impact}>{(report) => <ImpactReport impact={report} />}</QueryView>
      {credential.effective && credential.scope === '' && (
        <RegistryCost env={env} address={registry.address} change="login" />
      )}
    </ConfirmDialog>
  );
}
