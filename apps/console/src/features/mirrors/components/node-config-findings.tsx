'use client';

import { Button } from '@mantine/core';
import type { NodeConfig } from '@moorage/contract';
import { useTranslations } from 'next-intl';
import { Finding, type FindingSource } from '../../../components/finding';
import { LinkButton } from '../../../components/link-button';
import { StatusBadge } from '../../../components/status-badge';
import { useEnvironment } from '../../../lib/session-context';
import { fixOfMirror, type MirrorFix } from './mirror-fix';
import { entryOf, lineOfEntry } from './place-in-file';

export interface MirrorRemedies {
  /** opens the mirror of a registry for editing; undefined where that is not possible */
  readonly onEdit: ((registry: string) => void) | undefined;
  /** puts the fix into the form; undefined where that form cannot be opened now */
  readonly fixerOf: (fix: MirrorFix) => (() => void) | undefined;
}

interface FindingsProps {
  readonly config: NodeConfig;
  readonly remedies: MirrorRemedies;
}

function registriesYamlOf({ files }: NodeConfig): string {
  return files.find(({ path }) => path.endsWith('/registries.yaml'))?.content ?? '';
}

/** Findings with the line of the file that they are about. */
export function placedFindings(config: NodeConfig): readonly FindingSource[] {
  const content = registriesYamlOf(config);
  return config.diagnostics.map((finding) => {
    const entry = entryOf(finding.path);
    return {
      ...finding,
      line: finding.line ?? (entry === null ? null : lineOfEntry(content, entry)),
    };
  });
}

function Remedy({ path, onEdit }: { path: string | null } & Pick<MirrorRemedies, 'onEdit'>) {
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

function FindingRow({
  finding,
  content,
  remedies: { onEdit, fixerOf },
}: { finding: FindingSource; content: string } & Pick<FindingsProps, 'remedies'>) {
  const t = useTranslations('mirrors');
  const fix = fixOfMirror(finding, content);
  const mend = fix === null ? undefined : fixerOf(fix);
  return (
    <Finding finding={finding} isMendable={mend !== undefined}>
      {fix !== null && mend !== undefined ? (
        <div>
          <Button variant="default" onClick={mend}>
            {t('changeTo', { text: fix.label })}
          </Button>
        </div>
      ) : (
        <Remedy path={finding.path} onEdit={onEdit} />
      )}
    </Finding>
  );
}

/** What does something else than people expect, and what cannot be written for nodes at all. */
export function NodeConfigFindings({ config, remedies }: FindingsProps) {
  const t = useTranslations('mirrors');
  const content = registriesYamlOf(config);
  return (
    <>
      {placedFindings(config).map((finding) => (
        <FindingRow
          key={`${finding.code} ${finding.path} ${finding.message}`}
          finding={finding}
          content={content}
          remedies={remedies}
        />
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
