'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { CodeLines } from '../../../components/code-lines';
import { CopyButton } from '../../../components/copy-button';
import type { CoreAnswer } from '../../../lib/core/core-answers';
import classes from './tools.module.css';

type Hosts = CoreAnswer<'check'>['hosts'];

/** A file can name thousands of registries; the first tell how the others look. */
const MAX_SHOWN = 100;

function HostFile({ directory, host }: { directory: string; host: Hosts[string] }) {
  const t = useTranslations('checker');
  const [isOpen, setOpen] = useState(false);
  return (
    <details className={classes.host} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <span className="mono">{directory}</span>{' '}
        <span className="dim">
          {t('endpoints', { count: host.endpoints.length + (host.default === null ? 0 : 1) })}
        </span>
      </summary>
      {isOpen && (
        <>
          <div className={classes.hostHead}>
            <span className="mono dim grow">certs.d/{directory}/hosts.toml</span>
            <CopyButton text={host.hostsToml} />
          </div>
          <CodeLines label={`${directory}/hosts.toml`} content={host.hostsToml} />
        </>
      )}
    </details>
  );
}

/** What a node makes of the file, a directory for each registry, byte for byte. */
export function CheckedHosts({
  hosts,
  count,
  isEmpty,
}: {
  hosts: Hosts;
  /** of all, more than are told */
  count: number;
  isEmpty: boolean;
}) {
  const t = useTranslations('checker');
  const entries = Object.entries(hosts).slice(0, MAX_SHOWN);
  const hidden = count - entries.length;
  return (
    <section className="card" aria-labelledby="checked-hosts">
      <div className={classes.head}>
        <h2 id="checked-hosts">{t('hosts')}</h2>
        <span className="dim">{t('hostsHint')}</span>
      </div>
      {entries.length === 0 && (
        <p className="dim pad">{isEmpty ? t('hostsEmpty') : t('hostsNone')}</p>
      )}
      {entries.map(([directory, host]) => (
        <HostFile key={directory} directory={directory} host={host} />
      ))}
      {hidden > 0 && <p className="dim pad">{t('moreHosts', { count: hidden })}</p>}
    </section>
  );
}
