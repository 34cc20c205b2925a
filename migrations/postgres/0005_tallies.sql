-- Each process writes under a node of its own, so that no two wait for one row.
create sequence tally_node;

-- Stored counts: running totals and what each hour changed, of a petition and of each district
-- (empty for none) of each home. Sharded by node and summed.
create table petition_tally (
  petition_id uuid not null,
  node integer not null,
  counted bigint not null,
  self_asserted bigint not null,
  paper bigint not null,
  waiting bigint not null,
  primary key (petition_id, node)
);

create table petition_tally_hour (
  petition_id uuid not null,
  hour_at timestamptz not null,
  node integer not null,
  counted bigint not null,
  self_asserted bigint not null,
  paper bigint not null,
  primary key (petition_id, hour_at, node)
);

create table home_tally (
  petition_id uuid not null,
  home text not null,
  district text not null,
  node integer not null,
  counted bigint not null,
  self_asserted bigint not null,
  paper bigint not null,
  counted_over bigint not null,
  primary key (petition_id, home, district, node)
);

create table home_tally_hour (
  petition_id uuid not null,
  home text not null,
  hour_at timestamptz not null,
  district text not null,
  node integer not null,
  counted bigint not null,
  self_asserted bigint not null,
  paper bigint not null,
  primary key (petition_id, home, hour_at, district, node)
);
