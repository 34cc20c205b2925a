-- What holds off abuse: the salt of a day, a petition's rules, and how many came of late.
create table client_salt (
  day_on date not null primary key,
  salt bytea not null,
  constraint client_salt_length check (length(salt) = 32)
);

create table abuse_rule (
  petition_id uuid not null primary key,
  version bigint not null,
  client_an_hour bigint,
  domain_an_hour bigint,
  sealed bytea not null,
  changed_at timestamptz not null,
  constraint abuse_rule_limits check (client_an_hour >= 0 and domain_an_hour >= 0)
);

-- By steps of five minutes, which come first in the key: rows are added where the last ones lie, and old ones leave together. Each
-- node has rows of its own, so that no two wait for one.
create table arrival (
  begun_at timestamptz not null,
  petition_id uuid not null,
  kind text not null,
  key bytea not null,
  node integer not null,
  arrived bigint not null,
  passed bigint not null,
  primary key (begun_at, petition_id, kind, key, node),
  constraint arrival_kind check (kind in ('client', 'domain'))
);
