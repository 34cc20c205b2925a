-- What holds off abuse: the salt of a day, a petition's rules, and how many came of late.
create table client_salt (
  day_on text not null primary key,
  salt blob not null,
  constraint client_salt_length check (length(salt) = 32)
) strict, without rowid;

create table abuse_rule (
  petition_id blob not null primary key,
  version integer not null,
  client_an_hour integer,
  domain_an_hour integer,
  sealed blob not null,
  changed_at integer not null,
  constraint abuse_rule_limits check (client_an_hour >= 0 and domain_an_hour >= 0)
) strict, without rowid;

-- By steps of five minutes, which come first in the key: rows are added where the last ones lie, and old ones leave together.
create table arrival (
  begun_at integer not null,
  petition_id blob not null,
  kind text not null,
  key blob not null,
  node integer not null,
  arrived integer not null,
  passed integer not null,
  primary key (begun_at, petition_id, kind, key, node),
  constraint arrival_kind check (kind in ('client', 'domain'))
) strict, without rowid;
