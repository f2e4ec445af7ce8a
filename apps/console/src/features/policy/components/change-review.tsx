'use client';

import { Button, Modal } from '@mantine/core';
import type { PolicyImpact } from '@moorage/contract';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { QueryView } from '../../../components/states';
import { useAction } from '../../../lib/use-action';
import { applyChange, previewChange } from '../actions';
import { isAcknowledged } from './acknowledged';
import { Acknowledgement } from './acknowledgement';
import { ChangeProblem } from './change-problem';
import classes from './policy.module.css';
import { PolicyImpactReport } from './policy-impact';
import { canBeAcknowledged, isRefusalOfServer, type ReviewedChange } from './use-setting-change';

interface ReviewProps {
  readonly env: string | null;
  readonly reviewed: ReviewedChange;
  /** makes the policy warn before the change is stored; null where that cannot be */
  readonly warnFirst: (() => Promise<void>) | null;
  readonly onClose: () => void;
}

function mustBeTyped({ mode, newlyRefused, complete, warnings }: PolicyImpact): boolean {
  const allowsNothing = warnings.some(({ code }) => code === 'lock-out.nothing-allowed');
  return allowsNothing || (mode === 'enforce' && (newlyRefused > 0 || !complete));
}

/** What opened the report is often gone with the change: the keyboard goes on from the title. */
function keepFocus() {
  if (document.activeElement === document.body) document.querySelector('h1')?.focus();
}

function useDecision({ env, reviewed, warnFirst, onClose }: ReviewProps) {
  const { change } = reviewed;
  const save = useAction(applyChange, ['settings']);
  const warn = useAction(async () => {
    await warnFirst?.();
    await applyChange(env, change, false);
  }, ['settings']);
  const closeAfter = async (outcome: Promise<{ ok: boolean }>) => {
    if (!(await outcome).ok) return;
    onClose();
    requestAnimationFrame(keepFocus);
  };
  return {
    save: (acknowledged: boolean) => void closeAfter(save.run(env, change, acknowledged)),
    warn: () => void closeAfter(warn.run()),
    error: save.error ?? warn.error,
    isSaving: save.pending,
    isWarning: warn.pending,
  };
}

function Decision({ impact, ...props }: ReviewProps & { impact: PolicyImpact }) {
  const t = useTranslations('policy.review');
  const tStates = useTranslations('states');
  const [typed, setTyped] = useState('');
  const { save, warn, error, isSaving, isWarning } = useDecision(props);
  // The clusters may have changed since the report: then the server asks for it.
  const isTyped = mustBeTyped(impact) || isRefusalOfServer(error);
  const isReady = !isTyped || isAcknowledged(typed, t('acknowledgement'));
  return (
    <div className={classes.decision}>
      <ChangeProblem error={error} />
      {isTyped && (
        <Acknowledgement isKnown={impact.newlyRefused > 0} value={typed} onChange={setTyped} />
      )}
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <Button variant="default" onClick={props.onClose}>
          {tStates('cancel')}
        </Button>
        {isTyped && props.warnFirst !== null && (
          <Button variant="default" loading={isWarning} onClick={warn}>
            {t('warnFirst')}
          </Button>
        )}
        <Button
          {...(isTyped ? { color: 'red', variant: 'outline' } : {})}
          disabled={!isReady || !canBeAcknowledged(error)}
          loading={isSaving}
          onClick={() => save(isTyped)}
        >
          {t(`save.${impact.mode}`)}
        </Button>
      </div>
    </div>
  );
}

function DryRun(props: ReviewProps) {
  const { env, reviewed } = props;
  const t = useTranslations('policy.review');
  const query = useQuery({
    queryKey: ['previewChange', env, reviewed.change],
    queryFn: () => previewChange(env, reviewed.change),
    // A report is about this moment; it is never taken from an earlier one.
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  if (query.error !== null) return <ChangeProblem error={query.error} />;
  return (
    <>
      {query.isPending && <p className="dim">{t('looking')}</p>}
      <QueryView query={query}>
        {(impact) => (
          <>
            <PolicyImpactReport impact={impact} />
            <Decision {...props} impact={impact} />
          </>
        )}
      </QueryView>
    </>
  );
}

/** What the change would refuse, by a dry run or by the refusal that it met; then the decision. */
export function ChangeReview(props: ReviewProps) {
  const { reviewed, onClose } = props;
  const t = useTranslations('policy.review');
  return (
    <Modal opened onClose={onClose} title={<strong>{t('title')}</strong>} size={860}>
      <div className="stack">
        {reviewed.report === null ? (
          <DryRun {...props} />
        ) : (
          <>
            <PolicyImpactReport impact={reviewed.report} />
            <Decision {...props} impact={reviewed.report} />
          </>
        )}
      </div>
    </Modal>
  );
}
