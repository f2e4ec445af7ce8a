'use client';

import { Button } from '@mantine/core';
import type { NodeConfigPreview } from '@moorage/contract';
import { useTranslations } from 'next-intl';
import type { FormEvent } from 'react';
import { ChangeCost } from '../../../components/change-cost';
import { FormField } from '../../../components/form-field';
import { ProblemNotice } from '../../../components/problem-notice';
import { useProblemText } from '../../../lib/problem-text';
import { useEnvironment } from '../../../lib/session-context';
import { useAction } from '../../../lib/use-action';
import { addMirror, changeMirror } from '../actions';
import { EndpointRows } from './endpoint-rows';
import { type Editing, inputOf, type MirrorDraft } from './mirror-draft';
import { RewriteRows } from './rewrite-rows';

type Costs = Pick<NodeConfigPreview, 'cost' | 'costWithAgent'>;

interface FormProps {
  readonly editing: Editing;
  readonly onChange: (draft: MirrorDraft) => void;
  readonly onClose: () => void;
  readonly onDelete: () => void;
  /** the image that rewrites are tried with */
  readonly image: string;
  /** null = not known yet */
  readonly costs: Costs | null;
}

/** Ordered endpoints and rewrites of one registry, edited in place beside the file that they make. */
export function MirrorForm({ editing, onChange, onClose, onDelete, image, costs }: FormProps) {
  const t = useTranslations('mirrors');
  const { env } = useEnvironment();
  const { mirror, draft } = editing;
  const save = useAction(async () => {
    const input = inputOf(draft);
    if (mirror === null) await addMirror(env, { registry: draft.registry.trim(), ...input });
    else await changeMirror(env, mirror, input);
  }, ['mirrors']);
  const { fields } = useProblemText()(save.error);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const outcome = await save.run();
    if (outcome.ok) onClose();
  };
  const set = (change: Partial<MirrorDraft>) => onChange({ ...draft, ...change });
  return (
    <form className="card pad stack" onSubmit={(event) => void submit(event)}>
      {save.error !== null && <ProblemNotice error={save.error} />}
      {mirror === null ? (
        <FormField
          label={t('registry')}
          hint={t('registryHint')}
          placeholder="docker.io"
          mono
          required
          autoFocus
          error={fields.registry}
          value={draft.registry}
          onChange={({ currentTarget }) => set({ registry: currentTarget.value })}
        />
      ) : (
        <h2 className="mono">{mirror.registry}</h2>
      )}
      <EndpointRows
        endpoints={draft.endpoints}
        fieldErrors={fields}
        isFocused={mirror !== null}
        onChange={(endpoints) => set({ endpoints })}
      />
      <RewriteRows
        rewrites={draft.rewrites}
        image={image}
        onChange={(rewrites) => set({ rewrites })}
      />
      {costs !== null && <ChangeCost cost={costs.cost} costWithAgent={costs.costWithAgent} />}
      <div className="row">
        <Button type="submit" loading={save.pending}>
          {t(mirror === null ? 'add' : 'save')}
        </Button>
        <Button variant="default" onClick={onClose}>
          {t('cancel')}
        </Button>
        {mirror !== null && (
          <Button variant="default" c="var(--bad)" className="push" onClick={onDelete}>
            {t('delete')}
          </Button>
        )}
      </div>
    </form>
  );
}
