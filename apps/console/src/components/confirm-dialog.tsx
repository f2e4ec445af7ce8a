'use client';

import { Button, Modal, TextInput } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { type ReactNode, useState } from 'react';
import { ProblemNotice } from './problem-notice';

export interface ConfirmDialogProps {
  readonly title: string;
  readonly confirmLabel: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly pending: boolean;
  readonly error: unknown;
  readonly destructive?: boolean;
  /** what must be typed before it can be confirmed, for what cannot be undone */
  readonly typeToConfirm?: string;
  readonly children: ReactNode;
}

/** Shows what an action does before it is done; its button says the action, never "OK". */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, confirmLabel, onConfirm, onClose, pending, error, destructive, typeToConfirm } =
    props;
  const t = useTranslations('states');
  const [typed, setTyped] = useState('');
  const isBlocked = typeToConfirm !== undefined && typed.trim() !== typeToConfirm;
  return (
    <Modal opened onClose={onClose} title={<strong>{title}</strong>} size={520}>
      <div className="stack">
        {props.children}
        {typeToConfirm !== undefined && (
          <TextInput
            label={t('typeToConfirm', { name: typeToConfirm })}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
            classNames={{ input: 'mono' }}
          />
        )}
        {error !== null && <ProblemNotice error={error} />}
        <div className="row">
          <Button variant="default" className="push" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button
            {...(destructive ? { color: 'red', variant: 'outline' } : {})}
            disabled={isBlocked}
            loading={pending}
            onClick={onConfirm}
          >
            {confirmLabel}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
