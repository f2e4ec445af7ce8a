'use client';

import { Button, Modal } from '@mantine/core';
import type { PolicyExport } from '@moorage/contract';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { CopyButton } from '../../../components/copy-button';
import { FilterChips } from '../../../components/filter-chips';
import { Notice } from '../../../components/notice';
import { QueryView } from '../../../components/states';
import { useEnvironment } from '../../../lib/session-context';
import { ENGINE_NAMES, ENGINES, type Engine } from '../labels';
import { policyExportOf } from '../loaders';
import classes from './policy.module.css';
import { useDetailedCode } from './policy-words';

function download(path: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type: 'application/yaml' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = path.split('/').at(-1) ?? path;
  link.click();
  URL.revokeObjectURL(url);
}

function NotExpressible({ items }: { items: PolicyExport['notExpressible'] }) {
  const t = useTranslations('policy.export');
  const textOf = useDetailedCode();
  if (items.length === 0) return null;
  return (
    <Notice tone="warn">
      <strong>{t('notExpressible')}</strong>
      <ul className="stack-tight">
        {items.map(({ code, detail }) => (
          <li key={`${code}${detail}`}>{textOf(code, detail).sentence}</li>
        ))}
      </ul>
    </Notice>
  );
}

function ExportedFile({ path, content }: PolicyExport['files'][number]) {
  const t = useTranslations('policy.export');
  return (
    <section className="card">
      <div className={classes.cardHead}>
        <h3 className="mono">{path}</h3>
        <div className="row push">
          <CopyButton text={content} />
          <Button variant="default" onClick={() => download(path, content)}>
            {t('download')}
          </Button>
        </div>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard */}
      <section className={classes.file} tabIndex={0} aria-label={path}>
        <pre>{content}</pre>
      </section>
    </section>
  );
}

/** The same policy as objects for another engine, to be applied by hand, and what that engine cannot say. */
export function PolicyExportDialog({
  clusterId,
  clusterName,
  onClose,
}: {
  clusterId: string;
  clusterName: string;
  onClose: () => void;
}) {
  const t = useTranslations('policy.export');
  const { env } = useEnvironment();
  const [engine, setEngine] = useState<Engine>('kyverno');
  const query = useQuery(policyExportOf(env, clusterId, engine));
  return (
    <Modal
      opened
      onClose={onClose}
      title={<strong>{t('title', { cluster: clusterName })}</strong>}
      size={820}
    >
      <div className="stack">
        <p className="dim">{t('hint')}</p>
        <FilterChips
          label={t('engine')}
          chips={ENGINES.map((value) => ({ value, label: ENGINE_NAMES[value] }))}
          value={engine}
          onChange={(value) => setEngine(ENGINES.find((each) => each === value) ?? engine)}
        />
        <QueryView query={query}>
          {({ files, notExpressible }) => (
            <>
              <NotExpressible items={notExpressible} />
              {files.length === 0 && <p>{t('nothing')}</p>}
              {files.map((file) => (
                <ExportedFile key={file.path} {...file} />
              ))}
            </>
          )}
        </QueryView>
      </div>
    </Modal>
  );
}
