'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { FilterChips } from '../../../components/filter-chips';
import { SearchBox } from '../../../components/search-box';
import { useEnvironment } from '../../../lib/session-context';
import { registrySummaryOf } from '../loaders';

interface Filters {
  readonly q: string;
  readonly state: 'enabled' | 'disabled' | null;
  readonly attention: boolean | null;
}

type View = 'all' | 'attention' | 'disabled';

function viewOf({ state, attention }: Filters): View {
  if (attention === true) return 'attention';
  return state === 'disabled' ? 'disabled' : 'all';
}

const FILTER_OF_VIEW: Readonly<Record<View, Pick<Filters, 'state' | 'attention'>>> = {
  all: { state: null, attention: null },
  attention: { state: null, attention: true },
  disabled: { state: 'disabled', attention: null },
};

export function RegistriesFilter({
  filters,
  onChange,
}: {
  filters: Filters;
  onChange: (next: Partial<Filters>) => void;
}) {
  const t = useTranslations('registries.filter');
  const { env } = useEnvironment();
  const { data } = useQuery(registrySummaryOf(env));
  const views: readonly View[] = ['all', 'attention', 'disabled'];
  const counts = {
    all: data?.registries.total,
    attention: undefined,
    disabled: data?.registries.disabled,
  };
  return (
    <div className="row">
      <FilterChips
        label={t('label')}
        value={viewOf(filters)}
        chips={views.map((view) => ({
          value: view,
          label: `${t(view)}${counts[view] === undefined ? '' : ` ${counts[view]}`}`,
        }))}
        onChange={(view) => onChange(FILTER_OF_VIEW[views.find((each) => each === view) ?? 'all'])}
      />
      <span className="push" />
      <SearchBox label={t('search')} value={filters.q} onChange={(q) => onChange({ q })} />
    </div>
  );
}
