-- Sweeps over a petition's signatures, the steps between their states, and whom each rejected.
create table sweep (
  id blob not null primary key,
  petition_id blob not null,
  state text not null,
  sealed_condition blob not null,
  reason text not null,
  reached blob,
  looked_at integer not null default 0,
  matched integer not null default 0,
  rejected integer not null default 0,
  back integer not null default 0,
  leased_until_at integer,
  created_at integer not null
) strict, without rowid;

create index sweep_by_petition
on sweep (petition_id, id);

create index sweep_at_work
on sweep (id)
where state in ('counting', 'running', 'undoing');

create table sweep_member (
  sweep_id blob not null,
  signature_id blob not null,
  primary key (sweep_id, signature_id)
) strict, without rowid;

create table sweep_transition (
  from_state text not null,
  to_state text not null,
  primary key (from_state, to_state)
) strict, without rowid;

insert into sweep_transition (from_state, to_state)
values
  ('counting', 'counted'),
  ('counting', 'cancelled'),
  ('counted', 'running'),
  ('counted', 'cancelled'),
  ('running', 'done'),
  ('running', 'cancelled'),
  ('done', 'undoing'),
  ('cancelled', 'undoing'),
  ('undoing', 'undone');

create trigger sweep_legal_transition
before update of state on sweep
when old.state <> new.state
begin
  select raise(abort, 'sweep_legal_transition')
  where not exists (
    select 1
    from sweep_transition
    where from_state = old.state
    and to_state = new.state
  );
end;
