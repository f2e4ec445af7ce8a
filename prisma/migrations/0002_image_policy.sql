-- How each half of an environment's image policy stands in each cluster; written by the reconciler
-- that holds the lease.
create table image_policy_states (
  environment_id uuid not null references environments (id) on delete cascade,
  cluster_id uuid not null references clusters (id) on delete cascade,
  half text not null check (half in ('whitelist', 'default-registry')),
  state text not null check (state in ('off', 'in-force', 'warns', 'pending', 'not-proven', 'failed', 'conflict', 'unavailable')),
  code text,
  detail text,
  -- from before the first write to the cluster until nothing of the policy is left there
  written boolean not null default false,
  -- when a dry run in the cluster last showed it
  proven_at timestamptz,
  -- hash of the settings that the state is about: other settings are not in force yet
  settings_hash text not null,
  changed_at timestamptz not null default now(),
  primary key (environment_id, cluster_id, half)
);
create index image_policy_states_cluster on image_policy_states (cluster_id);
