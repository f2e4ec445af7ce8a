'use client';

import { Button, Modal } from '@mantine/core';
import type { PolicyImpact } from '@moorage/contract';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ProblemNotice } from '../../../components/problem-notice';
import { QueryView } from '../../../components/states';
import { useAction } from '../../../lib/use-action';
import { applyChange, previewChange, type SettingChange } from '../actions';
import { Acknowledgement, isAcknowledged } from './acknowledgement';
import classes from './policy.module.css';
import { PolicyImpactReport } from './policy-impact';
import { isRefusalOfServer } from './use-setting-change';

interface ReviewProps {
  readonly env: string | null;
  readonly change: SettingChange;
  /** makes the policy warn before the change is stored; null where that cannot be */
  readonly warnFirst: (() => Promise<void>) | null;
  readonly onClose: () => void;
  readonly onSaved: () => void;
}

function mustBeTyped({ mode, newlyRefused, complete }: PolicyImpact): boolean {
  return mode === 'enforce' && (newlyRefused > 0 || !complete);
}

function Decision({ impact, ...props }: ReviewProps & { impact: PolicyImpact }) {
  const { env, change, warnFirst, onClose, onSaved } = props;
  const t = useTranslations('policy.review');
  const tStates = useTranslations('states');
  const [typed, setTyped] = useState('');
  const save = useAction(applyChange, ['settings']);
  const warn = useAction(async () => {
    await warnFirst?.();
    await applyChange(env, change, false);
  }, ['settings']);
  const error = save.error ?? warn.error;
  // The clusters may have changed since the report: then the server asks for it.
  const isTyped = mustBeTyped(impact) || isRefusalOfServer(save.error);
  const isReady = !isTyped || isAcknowledged(typed, t('acknowledgement'));
  const finish = (outcome: { ok: boolean }) => {
    if (outcome.ok) onSaved();
  };
  return (
    <div className={classes.decision}>
      {error !== null && <ProblemNotice error={error} />}
      {isTyped && <Acknowledgement value={typed} onChange={setTyped} />}
      <div className="row">
        <Button variant="default" className="push" onClick={onClose}>
          {tStates('cancel')}
        </Button>
        {isTyped && warnFirst !== null && (
          <Button
            variant="default"
            loading={warn.pending}
            onClick={async () => finish(await warn.run())}
          >
            {t('warnFirst')}
          </Button>
        )}
        <Button
          {...(isTyped ? { color: 'red', variant: 'outline' } : {})}
          disabled={!isReady}
          loading={save.pending}
          onClick={async () => finish(await save.run(env, change, isTyped))}
        >
          {t(`save.${impact.mode}`)}
        </Button>
      </div>
    </div>
  );
}

/** Dry run first: what the change would refuse, then the decision. */
export function ChangeReview(props: ReviewProps) {
  const { env, change, onClose } = props;
  const t = useTranslations('policy.review');
  const query = useQuery({
    queryKey: ['previewChange', env, change],
    queryFn: () => previewChange(env, change),
    // A report is about this moment; it is never taken from an earlier one.
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  return (
    <Modal opened onClose={onClose} title={<strong>{t('title')}</strong>} size={860}>
      <div className="stack">
        {query.isPending && <p className="dim">{t('looking')}</p>}
        <QueryView query={query}>
          {(impact) => (
            <>
              <PolicyImpactReport impact={impact} />
              <Decision {...props} impact={impact} />
            </>
          )}
        </QueryView>
      </div>
    </Modal>
  );
}
