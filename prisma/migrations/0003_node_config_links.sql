-- Links that give a node config with its secrets, once: used, expired and revoked ones are deleted.
create table node_config_links (
  id uuid primary key,
  -- keyed hash of the token's secret with all that the link is bound to; the secret itself is nowhere
  token_hash bytea not null check (octet_length(token_hash) = 32),
  environment_id uuid not null references environments (id) on delete cascade,
  cluster_id uuid references clusters (id) on delete cascade,
  format text not null,
  -- whose permission it carries: it opens only as long as they hold it
  user_id uuid not null references users (id) on delete cascade,
  api_key_id uuid references api_keys (id) on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index node_config_links_expires_at on node_config_links (expires_at);
