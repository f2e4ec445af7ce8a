'use client';

import { Button } from '@mantine/core';
import type { NodeConfig } from '@moorage/contract';
import { useTranslations } from 'next-intl';
import { Finding, type FindingSource } from '../../../components/finding';
import { LinkButton } from '../../../components/link-button';
import { StatusBadge } from '../../../components/status-badge';
import { useEnvironment } from '../../../lib/session-context';
import { entryOf, lineOfEntry } from './place-in-file';

interface FindingsProps {
  readonly config: NodeConfig;
  /** opens the mirror of a registry for editing; undefined where that is not possible */
  readonly onEdit: ((registry: string) => void) | undefined;
}

/** Findings with the line of the file that they are about. */
export function placedFindings({ files, diagnostics }: NodeConfig): readonly FindingSource[] {
  const content = files.find(({ path }) => path.endsWith('/registries.yaml'))?.content ?? '';
  return diagnostics.map((finding) => {
    const entry = entryOf(finding.path);
    return {
      ...finding,
      line: finding.line ?? (entry === null ? null : lineOfEntry(content, entry)),
    };
  });
}

function Remedy({ path, onEdit }: { path: string | null } & Pick<FindingsProps, 'onEdit'>) {
  const t = useTranslations('mirrors');
  const { env, can } = useEnvironment();
  const entry = entryOf(path);
  if (entry === null || !can('registries:write')) return null;
  if (entry.section === 'registries') {
    const href = `/e/${env}/registries?q=${encodeURIComponent(entry.name)}`;
    return (
      <div>
        <LinkButton variant="default" href={href}>
          {t('openRegistry', { registry: entry.name })}
        </LinkButton>
      </div>
    );
  }
  if (onEdit === undefined) return null;
  return (
    <div>
      <Button variant="default" onClick={() => onEdit(entry.name)}>
        {t('editMirror', { registry: entry.name })}
      </Button>
    </div>
  );
}

/** What does something else than people expect, and what cannot be written for nodes at all. */
export function NodeConfigFindings({ config, onEdit }: FindingsProps) {
  const t = useTranslations('mirrors');
  return (
    <>
      {placedFindings(config).map((finding) => (
        <Finding key={`${finding.code} ${finding.path} ${finding.message}`} finding={finding}>
          <Remedy path={finding.path} onEdit={onEdit} />
        </Finding>
      ))}
      {config.notExpressible.map(({ code, detail, parameters }) => (
        <Finding
          key={`${code} ${detail}`}
          finding={{
            severity: 'warning',
            code,
            message: detail,
            parameters,
            path: null,
            line: null,
            suggestion: null,
          }}
          place={<StatusBadge tone="warn">{t('notExpressible')}</StatusBadge>}
        />
      ))}
    </>
  );
}
