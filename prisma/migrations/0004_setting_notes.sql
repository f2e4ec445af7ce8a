-- Why an entry of a whitelist is there, by entry; and room for 2,000 entries.
alter table settings add column notes jsonb not null default '{}';
alter table settings drop constraint settings_value_check;
alter table settings add constraint settings_value_check check (length(value) <= 200000);
