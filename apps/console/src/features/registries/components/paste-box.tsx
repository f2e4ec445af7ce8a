'use client';

import { Button, Textarea } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Notice } from '../../../components/notice';
import type { FilledForm, PastedLogin, PasteReading } from './read-paste';

function Problems({ problems }: { problems: PasteReading['problems'] }) {
  const t = useTranslations('registries.paste');
  const tErrors = useTranslations('errors');
  if (problems.length === 0) return null;
  return (
    <Notice tone="warn">
      {problems.map(({ code, where }) => (
        <span key={`${code}${where}`}>
          {where !== null && <span className="mono">{where}: </span>}
          {tErrors.has(code) ? tErrors(code) : t('unreadable')}
        </span>
      ))}
    </Notice>
  );
}

/** A `docker login` line, a config.json or a Secret: read here in the browser, sent nowhere. */
export function PasteBox({ onFilled }: { onFilled: (form: FilledForm) => void }) {
  const t = useTranslations('registries.paste');
  const [text, setText] = useState('');
  const [reading, setReading] = useState<PasteReading | null>(null);
  const take = async (login: PastedLogin) => {
    const { fillForm } = await import('./read-paste');
    setText('');
    setReading(null);
    onFilled(fillForm(login));
  };
  const read = async () => {
    const { readPaste } = await import('./read-paste');
    const result = readPaste(text);
    const [only, ...others] = result.logins;
    if (only !== undefined && others.length === 0) await take(only);
    else setReading(result);
  };
  return (
    <section className="card pad stack">
      <Textarea
        label={t('label')}
        description={t('hint')}
        placeholder="docker login registry.example.com:5000 -u deploy -p …"
        rows={2}
        autosize={false}
        resize="vertical"
        spellCheck={false}
        autoComplete="off"
        classNames={{ input: 'mono' }}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {reading !== null && <Problems problems={reading.problems} />}
      {reading !== null && reading.logins.length > 1 && (
        <div className="stack-tight">
          <strong>{t('several', { count: reading.logins.length })}</strong>
          <div className="row">
            {reading.logins.map((login) => (
              <Button
                key={`${login.address}/${login.scope}/${login.username}`}
                variant="default"
                onClick={() => void take(login)}
              >
                <span className="mono">
                  {login.address}
                  {login.scope !== '' && `/${login.scope}`} · {login.username}
                </span>
              </Button>
            ))}
          </div>
        </div>
      )}
      <div>
        <Button variant="default" disabled={text.trim() === ''} onClick={() => void read()}>
          {t('read')}
        </Button>
      </div>
    </section>
  );
}
