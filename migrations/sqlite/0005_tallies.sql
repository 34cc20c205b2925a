-- Stored counts: running totals and what each hour changed, of a petition and of each district
-- (empty for none) of each home. Sharded by node and summed.
create table petition_tally (
  petition_id blob not null,
  node integer not null,
  counted integer not null,
  self_asserted integer not null,
  paper integer not null,
  waiting integer not null,
  primary key (petition_id, node)
) strict, without rowid;

create table petition_tally_hour (
  petition_id blob not null,
  hour_at integer not null,
  node integer not null,
  counted integer not null,
  self_asserted integer not null,
  paper integer not null,
  primary key (petition_id, hour_at, node)
) strict, without rowid;

create table home_tally (
  petition_id blob not null,
  home text not null,
  district text not null,
  node integer not null,
  counted integer not null,
  self_asserted integer not null,
  paper integer not null,
  counted_over integer not null,
  primary key (petition_id, home, district, node)
) strict, without rowid;

create table home_tally_hour (
  petition_id blob not null,
  home text not null,
  hour_at integer not null,
  district text not null,
  node integer not null,
  counted integer not null,
  self_asserted integer not null,
  paper integer not null,
  primary key (petition_id, home, hour_at, district, node)
) strict, without rowid;
