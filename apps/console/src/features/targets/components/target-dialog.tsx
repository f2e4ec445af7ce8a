'use client';

import { Button, Modal } from '@mantine/core';
import type { Target } from '@moorage/contract';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { ProblemNotice } from '../../../components/problem-notice';
import { useProblemText } from '../../../lib/problem-text';
import { useEnvironment } from '../../../lib/session-context';
import { useAction } from '../../../lib/use-action';
import { changeTarget } from '../actions';
import { draftOfTarget, targetChangeOf } from './target-draft';
import { TargetFields } from './target-fields';

/** Everything but the cluster. Namespaces that fall out of the selection are cleaned. */
export function TargetDialog({ target, onClose }: { target: Target; onClose: () => void }) {
  const t = useTranslations('targets');
  const { env } = useEnvironment();
  const [draft, setDraft] = useState(() => draftOfTarget(target));
  const { run, pending, error } = useAction(changeTarget, ['targets']);
  const { fields } = useProblemText()(error);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const outcome = await run(env, target, targetChangeOf(draft));
    if (outcome.ok) onClose();
  };
  return (
    <Modal opened onClose={onClose} title={<strong>{t('edit')}</strong>} size={640}>
      <form className="stack" onSubmit={(event) => void submit(event)}>
        {error !== null && <ProblemNotice error={error} />}
        <p className="dim">{t('editHint')}</p>
        <TargetFields
          draft={draft}
          set={(change) => setDraft({ ...draft, ...change })}
          fieldErrors={fields}
        />
        <div className="row">
          <Button variant="default" className="push" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={pending}>
            {t('save')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
