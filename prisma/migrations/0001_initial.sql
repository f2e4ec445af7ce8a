-- The whole first schema. Invariants of the domain are constraints here, so that
-- no code path can break them. Times are timestamptz; ids are UUIDs made by the API.
-- Sealed values are self-contained envelopes (see docs/adr: sealing); `*_key_id`
-- beside each names the installation key that wraps it, so that a rotation can count.

create table installation (
  singleton boolean primary key default true check (singleton),
  id uuid not null,
  hash_key_sealed bytea not null,
  hash_key_key_id text not null,
  -- the demo is made once: who removed it does not get it again
  demo_seeded boolean not null default false,
  created_at timestamptz not null default now()
);

create table users (
  id uuid primary key,
  username text not null unique check (username ~ '^[a-z0-9]([a-z0-9._@-]{0,62}[a-z0-9])?$'),
  display_name text not null default '' check (length(display_name) <= 200),
  password_hash text,
  role text not null check (role in ('admin', 'user')),
  state text not null default 'active' check (state in ('active', 'disabled')),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table sessions (
  id uuid primary key,
  token_hash bytea not null unique,
  user_id uuid not null references users (id) on delete cascade,
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index sessions_user on sessions (user_id);
create index sessions_expiry on sessions (expires_at);

create table environments (
  id uuid primary key,
  name text not null unique check (name ~ '^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$'),
  display_name text not null check (length(display_name) between 1 and 200),
  description text not null default '' check (length(description) <= 2000),
  simulated boolean not null default false,
  state text not null default 'active' check (state in ('active', 'removing')),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table members (
  environment_id uuid not null references environments (id) on delete cascade,
  user_id uuid not null references users (id) on delete cascade,
  role text not null check (role in ('owner', 'member', 'viewer')),
  created_at timestamptz not null default now(),
  primary key (environment_id, user_id)
);
create index members_user on members (user_id);

create table api_keys (
  id uuid primary key,
  owner_id uuid not null references users (id) on delete cascade,
  name text not null check (length(name) between 1 and 200),
  secret_hash bytea not null,
  permissions text[] not null,
  environment_id uuid references environments (id) on delete cascade,
  expires_at timestamptz,
  last_used_at timestamptz,
  created_at timestamptz not null default now()
);
create index api_keys_owner on api_keys (owner_id);

-- environment_id null = the installation's value
create table settings (
  id uuid primary key,
  environment_id uuid references environments (id) on delete cascade,
  name text not null check (name in ('registry.default', 'registry.whitelist', 'policy.mode', 'policy.default-registry-at')),
  value text not null check (length(value) <= 65536),
  version integer not null default 1,
  updated_at timestamptz not null default now()
);
create unique index settings_name on settings (coalesce(environment_id, '00000000-0000-0000-0000-000000000000'::uuid), name);

create table registries (
  id uuid primary key,
  environment_id uuid not null references environments (id) on delete cascade,
  address text not null check (address = lower(address) and length(address) between 1 and 260 and address !~ '/'),
  provider text not null,
  name text not null check (length(name) between 1 and 200),
  description text not null default '' check (length(description) <= 2000),
  state text not null default 'enabled' check (state in ('enabled', 'disabled')),
  deliver text not null default 'both' check (deliver in ('both', 'pull-secret', 'nodes')),
  scheme text not null default 'https' check (scheme in ('https', 'http')),
  ca_certificate text,
  insecure_skip_verify boolean not null default false,
  client_certificate text,
  client_key_sealed bytea,
  client_key_key_id text,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (environment_id, address),
  unique (id, environment_id),
  check ((client_key_sealed is null) = (client_key_key_id is null))
);
-- the order in which lists show them, and the key of their pages
create index registries_by_name on registries (environment_id, name, id);
create index registries_key_id on registries (client_key_key_id) where client_key_key_id is not null;

-- A stack per (registry, scope). The order is the sequence's and never changes:
-- adding takes a new number, editing and enabling keep theirs.
create sequence credential_sequence as bigint;
create table credentials (
  id uuid primary key,
  registry_id uuid not null,
  environment_id uuid not null,
  sequence bigint not null unique default nextval('credential_sequence'),
  kind text not null default 'basic' check (kind in ('basic')),
  username text not null check (length(username) between 1 and 1024),
  scope text not null default '' check (length(scope) <= 255 and scope !~ '(^/|/$)'),
  state text not null default 'enabled' check (state in ('enabled', 'disabled')),
  description text not null default '' check (length(description) <= 2000),
  expires_at timestamptz,
  secret_sealed bytea not null,
  secret_key_id text not null,
  -- keyed hash of user name and secret: lets an upsert see that nothing changed
  -- without opening the secret
  secret_fingerprint bytea not null,
  secret_set_at timestamptz not null default now(),
  created_by uuid references users (id) on delete set null,
  created_by_name text not null,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  foreign key (registry_id, environment_id) references registries (id, environment_id) on delete cascade
);
create index credentials_stack on credentials (registry_id, scope, sequence desc);
create index credentials_environment on credentials (environment_id);
create index credentials_key_id on credentials (secret_key_id);

create table clusters (
  id uuid primary key,
  name text not null unique check (name ~ '^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$'),
  simulated boolean not null default false,
  server text not null,
  ca_certificate text,
  tls_server_name text,
  insecure_skip_verify boolean not null default false,
  access_kind text not null check (access_kind in ('token', 'client-certificate', 'simulated')),
  client_certificate text,
  access_sealed bytea,
  access_key_id text,
  labels jsonb not null default '{}',
  state text not null default 'active' check (state in ('active', 'removing')),
  -- what was seen at the last contact; written by the reconciler that holds the lease
  reachable boolean,
  last_contact_at timestamptz,
  last_error_code text,
  last_error_detail text,
  kubernetes_version text,
  -- lease of the one replica that writes to this cluster; the fence grows with each holder
  lease_holder text,
  lease_until timestamptz,
  lease_fence bigint not null default 0,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check ((access_sealed is null) = (access_key_id is null))
);
create index clusters_key_id on clusters (access_key_id) where access_key_id is not null;

create table cluster_grants (
  cluster_id uuid not null references clusters (id) on delete cascade,
  environment_id uuid not null references environments (id) on delete cascade,
  namespaces text[] not null check (cardinality(namespaces) > 0),
  primary key (cluster_id, environment_id)
);

-- A target that is being removed stays here until its cluster has been cleaned,
-- so its environment and cluster cannot disappear before.
create table targets (
  id uuid primary key,
  environment_id uuid not null references environments (id) on delete restrict,
  cluster_id uuid not null references clusters (id) on delete restrict,
  include text[] not null default '{*}' check (cardinality(include) > 0),
  exclude text[] not null default '{kube-*}',
  match_labels jsonb not null default '{}',
  service_accounts text not null default 'default' check (service_accounts in ('default', 'all', 'none', 'named')),
  service_account_names text[] not null default '{}',
  secret_name text not null check (secret_name ~ '^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$'),
  attach text not null default 'service-account' check (attach in ('service-account', 'none')),
  node_config_enabled boolean not null default false,
  node_config_distribution text not null default 'k3s' check (node_config_distribution in ('k3s', 'rke2')),
  state text not null default 'active' check (state in ('active', 'removing')),
  -- false = an installation admin chose the namespaces: no grants needed
  limited_to_grants boolean not null default true,
  -- true once it served more than the account `default`: cleaning must look at all accounts
  attached_beyond_default boolean not null default false,
  last_synced_at timestamptz,
  last_error_code text,
  last_error_detail text,
  node_config_state text check (node_config_state in ('in-sync', 'pending', 'failed', 'conflict')),
  node_config_error text,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check ((service_accounts = 'named') = (cardinality(service_account_names) > 0))
);
create unique index targets_node_config_owner on targets (cluster_id) where node_config_enabled and state = 'active';
create unique index targets_one_per_environment on targets (environment_id, cluster_id, secret_name) where state = 'active';
create index targets_cluster on targets (cluster_id);

create table target_namespaces (
  target_id uuid not null references targets (id) on delete cascade,
  namespace text not null,
  state text not null check (state in ('in-sync', 'pending', 'failed', 'conflict', 'ignored')),
  code text,
  detail text,
  content_hash text,
  -- name that we put into service accounts here: tells our entry from a foreign one of that name
  attached_name text,
  -- 'adopt' or 'skip': what people decided about a foreign Secret of our name
  conflict_choice text check (conflict_choice in ('adopt', 'skip')),
  changed_at timestamptz not null default now(),
  primary key (target_id, namespace)
);
create index target_namespaces_state on target_namespaces (target_id, state);

create table mirrors (
  id uuid primary key,
  environment_id uuid not null references environments (id) on delete cascade,
  registry text not null check (length(registry) between 1 and 260),
  position integer not null,
  endpoints text[] not null,
  rewrites jsonb not null default '[]',
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (environment_id, registry)
);

-- Append only. The chain is a table of its own, written behind the rows in order by
-- one writer, so that appending never waits for another transaction's commit.
create table audit_entries (
  id bigint generated always as identity primary key,
  xid xid8 not null default pg_current_xact_id(),
  at timestamptz not null default now(),
  environment_id uuid,
  actor_kind text not null check (actor_kind in ('user', 'api-key', 'system')),
  actor_id uuid,
  actor_name text not null,
  action text not null,
  object_kind text not null,
  object_id uuid,
  object_name text not null,
  changes jsonb not null default '{}',
  request_id text,
  address text
);
create index audit_environment on audit_entries (environment_id, id desc);
create table audit_chain (
  position bigint primary key,
  entry_id bigint not null unique references audit_entries (id),
  hash bytea not null
);
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $$;
create trigger audit_entries_append_only before update or delete or truncate on audit_entries for each statement execute function refuse_change();
create trigger audit_chain_append_only before update or delete or truncate on audit_chain for each statement execute function refuse_change();

-- What changed, written in the transaction of the change. Readers take rows whose
-- transaction is older than every running one, so none is skipped: an id alone is
-- handed out before its commit.
create table outbox (
  id bigint generated always as identity primary key,
  xid xid8 not null default pg_current_xact_id(),
  at timestamptz not null default now(),
  topic text not null,
  kind text not null check (kind in ('created', 'updated', 'deleted')),
  environment_id uuid,
  cluster_id uuid,
  object_id uuid not null,
  object_version integer
);
create index outbox_xid on outbox (xid, id);
create function announce_outbox() returns trigger language plpgsql as $$
begin
  perform pg_notify('moorage_outbox', '');
  return null;
end $$;
create trigger outbox_announce after insert on outbox for each statement execute function announce_outbox();

create table idempotency_keys (
  actor_id uuid not null,
  key text not null check (length(key) between 1 and 255),
  request_hash bytea not null,
  status integer,
  reply jsonb,
  created_at timestamptz not null default now(),
  primary key (actor_id, key)
);
create index idempotency_age on idempotency_keys (created_at);
