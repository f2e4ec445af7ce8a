'use client';

import type { Credential, Registry } from '@moorage/contract';
import { IconDots } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { DropMenu } from '../../../components/drop-menu';
import { StatusBadge } from '../../../components/status-badge';
import { Time } from '../../../components/time';
import { useEnvironment } from '../../../lib/session-context';
import { useAction } from '../../../lib/use-action';
import { enableCredential } from '../actions';
import { ROLE_TONES } from '../labels';
import classes from './registries.module.css';

const CredentialDialog = dynamic(() =>
  import('./credential-dialog').then((module) => module.CredentialDialog),
);
const CredentialRemoval = dynamic(() =>
  import('./removal-dialogs').then((module) => module.CredentialRemoval),
);

type Open = 'edit' | 'disable' | 'delete' | null;
interface CardProps {
  readonly registry: Registry;
  readonly credential: Credential;
}

function CardMenu({ registry, credential, open }: CardProps & { open: (what: Open) => void }) {
  const t = useTranslations('registries.stack');
  const { env } = useEnvironment();
  const enable = useAction(enableCredential, ['credentials']);
  const toggle =
    credential.state === 'enabled'
      ? { id: 'disable', label: t('disable'), onSelect: () => open('disable') }
      : {
          id: 'enable',
          label: t('enable'),
          onSelect: () => void enable.run(env, registry.id, credential),
        };
  return (
    <span className="push">
      <DropMenu
        label={t('actions', { username: credential.username })}
        triggerClass={classes.dots}
        trigger={<IconDots size={16} aria-hidden />}
        items={[
          { id: 'edit', label: t('edit'), onSelect: () => open('edit') },
          toggle,
          { id: 'delete', label: t('delete'), isDestructive: true, onSelect: () => open('delete') },
        ]}
      />
    </span>
  );
}

function Facts({ credential }: { credential: Credential }) {
  const t = useTranslations('registries.stack');
  const { createdAt, createdBy, secretSetAt, expiresAt, description } = credential;
  const isExpired = expiresAt !== null && Date.parse(expiresAt) < Date.now();
  return (
    <div className={classes.meta}>
      {t.rich('added', { by: createdBy, time: () => <Time value={createdAt} /> })}
      {' · '}
      {t.rich('secretSet', { time: () => <Time value={secretSetAt} /> })}
      {expiresAt !== null && (
        <>
          {' · '}
          <span style={isExpired ? { color: 'var(--bad)' } : undefined}>
            {t.rich(isExpired ? 'expired' : 'expires', { time: () => <Time value={expiresAt} /> })}
          </span>
        </>
      )}
      {description !== '' && <div>{description}</div>}
    </div>
  );
}

/** One credential and its place: in use, next in line, older, or disabled. */
export function CredentialCard({ registry, credential }: CardProps) {
  const t = useTranslations('registries');
  const { can } = useEnvironment();
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  return (
    <div className={classes.credential} data-role={credential.role}>
      <div className="row">
        <strong className="mono">{credential.username}</strong>
        <StatusBadge tone={ROLE_TONES[credential.role]}>{t(`role.${credential.role}`)}</StatusBadge>
        {can('registries:write') && (
          <CardMenu registry={registry} credential={credential} open={setOpen} />
        )}
      </div>
      <Facts credential={credential} />
      {open === 'edit' && (
        <CredentialDialog registry={registry} credential={credential} onClose={close} />
      )}
      {(open === 'disable' || open === 'delete') && (
        <CredentialRemoval
          registry={registry}
          credential={credential}
          action={open}
          onClose={close}
        />
      )}
    </div>
  );
}
