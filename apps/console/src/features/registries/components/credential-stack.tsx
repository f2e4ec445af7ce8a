'use client';

import { Button } from '@mantine/core';
import type { Credential, Registry } from '@moorage/contract';
import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { QueryView } from '../../../components/states';
import { useEnvironment } from '../../../lib/session-context';
import { credentialsOf } from '../loaders';
import { CredentialCard } from './credential-card';
import classes from './registries.module.css';

const CredentialDialog = dynamic(() =>
  import('./credential-dialog').then((module) => module.CredentialDialog),
);

/** Newest first within each scope: the order in which they would be used. */
function scopesOf(
  credentials: readonly Credential[],
): readonly (readonly [string, Credential[]])[] {
  const scopes = Map.groupBy(credentials, ({ scope }) => scope);
  return [...scopes.entries()].toSorted(([a], [b]) => a.localeCompare(b));
}

/** The credentials of a registry as what they are: stacks in which the last one added wins. */
export function CredentialStack({ registry }: { registry: Registry }) {
  const t = useTranslations('registries.stack');
  const { env, can } = useEnvironment();
  const query = useQuery(credentialsOf(env, registry.id));
  const [isAdding, setAdding] = useState(false);
  return (
    <section className="stack-tight">
      <h3 className="dim">{t('title')}</h3>
      <QueryView query={query}>
        {({ items }) => (
          <>
            {items.length === 0 && <p>{t('empty')}</p>}
            {scopesOf(items).map(([scope, credentials]) => (
              <div key={scope} className={classes.stack}>
                {scope !== '' && (
                  <span className="dim">
                    {t.rich('scope', {
                      scope: () => (
                        <span className="mono">
                          {registry.address}/{scope}
                        </span>
                      ),
                    })}
                  </span>
                )}
                {credentials.map((credential) => (
                  <CredentialCard key={credential.id} registry={registry} credential={credential} />
                ))}
              </div>
            ))}
            {can('registries:write') && (
              <Button variant="default" onClick={() => setAdding(true)}>
                {t(items.length === 0 ? 'addFirst' : 'addNewer')}
              </Button>
            )}
          </>
        )}
      </QueryView>
      {isAdding && (
        <CredentialDialog registry={registry} credential={null} onClose={() => setAdding(false)} />
      )}
    </section>
  );
}
