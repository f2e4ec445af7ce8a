'use client';

import { useTranslations } from 'next-intl';
import { CodeLines } from '../../../components/code-lines';
import { CopyButton } from '../../../components/copy-button';
import type { CoreAnswer } from '../../../lib/core/core-answers';
import classes from './tools.module.css';

type Hosts = CoreAnswer<'check'>['hosts'];

/** What a node makes of the file, a directory for each registry, byte for byte. */
export function CheckedHosts({ hosts, isEmpty }: { hosts: Hosts; isEmpty: boolean }) {
  const t = useTranslations('checker');
  const entries = Object.entries(hosts);
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
        <details key={directory} className={classes.host}>
          <summary>
            <span className="mono">{directory}</span>{' '}
            <span className="dim">
              {t('endpoints', { count: host.endpoints.length + (host.default === null ? 0 : 1) })}
            </span>
          </summary>
          <div className={classes.hostHead}>
            <span className="mono dim grow">certs.d/{directory}/hosts.toml</span>
            <CopyButton text={host.hostsToml} />
          </div>
          <CodeLines label={`${directory}/hosts.toml`} content={host.hostsToml} />
        </details>
      ))}
    </section>
  );
}
