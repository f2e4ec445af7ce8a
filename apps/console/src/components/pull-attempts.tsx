'use client';

import type { PullPlan } from '@moorage/contract';
import { useTranslations } from 'next-intl';
import { useFindingText } from './finding-text';
import { Notice } from './notice';
import classes from './pull-attempts.module.css';
import { StatusBadge, Tag } from './status-badge';

type Attempt = PullPlan['attempts'][number];
interface Warning {
  readonly code: string;
  readonly message: string;
  readonly parameters?: Readonly<Record<string, string>> | undefined;
}
interface Plan {
  readonly reference: string;
  readonly attempts: readonly Attempt[];
  readonly warnings: readonly Warning[];
}

/** The repository between the root of the API and the name of the manifest. */
function askedOf({ url, endpoint }: Attempt): { repository: string; rest: string } {
  const asked = url.slice(endpoint.length + 1);
  const end = asked.lastIndexOf('/manifests/');
  return end < 0
    ? { repository: asked, rest: '' }
    : { repository: asked.slice(0, end), rest: asked.slice(end) };
}

function repositoryOf(reference: string): string {
  return reference.slice(reference.indexOf('/') + 1).replace(/[:@].*$/, '');
}

function Login({ credential }: Pick<Attempt, 'credential'>) {
  const t = useTranslations('pullPlan');
  if (credential === null) return <span className="dim">{t('anonymous')}</span>;
  const { username, from } = credential;
  return (
    <span className="dim">
      {username === undefined ? t('tokenFrom') : t('loginFrom', { username })}{' '}
      <span className="mono">{from}</span>
    </span>
  );
}

function Trust({ tls }: Pick<Attempt, 'tls'>) {
  const t = useTranslations('pullPlan');
  if (tls === null) return null;
  return (
    <>
      {tls.insecureSkipVerify === true && <Tag>{t('skipVerify')}</Tag>}
      {tls.caFile !== undefined && <Tag>{t('ownCa')}</Tag>}
      {tls.certFile !== undefined && <Tag>{t('clientCertificate')}</Tag>}
    </>
  );
}

function AttemptRow({
  attempt,
  original,
  number,
}: {
  attempt: Attempt;
  original: string;
  number: number;
}) {
  const t = useTranslations('pullPlan');
  const { repository, rest } = askedOf(attempt);
  const isRewritten = repository !== original;
  return (
    <li className={classes.attempt}>
      <span className={classes.number}>{number}</span>
      <div className="stack-tight grow">
        <span className={`mono ${classes.request}`}>
          <span className="dim">{attempt.method}</span> {attempt.endpoint}/
          {isRewritten ? <strong className={classes.rewritten}>{repository}</strong> : repository}
          {rest}
        </span>
        <span className={classes.facts}>
          <Login credential={attempt.credential} />
          <Trust tls={attempt.tls} />
          {isRewritten && <Tag>{t('rewritten')}</Tag>}
          {attempt.isDefault && <Tag>{t('default')}</Tag>}
        </span>
      </div>
    </li>
  );
}

function Warnings({ warnings }: Pick<Plan, 'warnings'>) {
  const say = useFindingText();
  const t = useTranslations('pullPlan');
  return warnings.map(({ code, message, parameters }) => (
    <div key={`${code} ${message}`} className={classes.warning}>
      <StatusBadge tone="warn">{t('mind')}</StatusBadge>
      <span className="grow">
        {say({ code, text: message, suggestion: null, parameters }).sentence}
      </span>
    </div>
  ));
}

/**
 * The first request to each endpoint in the order in which a node tries them, with the login that each
 * would carry. What a plan for K3s or RKE2 adds to stock containerd was read in their source.
 */
export function PullAttempts({ plan, isDerived }: { plan: Plan; isDerived: boolean }) {
  const t = useTranslations('pullPlan');
  const original = repositoryOf(plan.reference);
  return (
    <div className="stack-tight">
      <p className="dim">
        {t.rich('order', {
          count: plan.attempts.length,
          reference: plan.reference,
          code: (chunks) => <span className="mono">{chunks}</span>,
        })}
      </p>
      {plan.attempts.length > 0 && (
        <ol aria-label={t('attempts')}>
          {plan.attempts.map((attempt, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: an attempt is its place in the order
            <AttemptRow key={index} attempt={attempt} original={original} number={index + 1} />
          ))}
        </ol>
      )}
      <Warnings warnings={plan.warnings} />
      {isDerived && (
        <Notice tone="info">
          <span>
            <strong>{t('derived')}</strong> {t('derivedHint')}
          </span>
        </Notice>
      )}
    </div>
  );
}
