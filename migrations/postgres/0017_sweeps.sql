-- Sweeps over a petition's signatures, the steps between their states, and whom each rejected.
create table sweep (
  id uuid not null primary key,
  petition_id uuid not null,
  state text not null,
  sealed_condition bytea not null,
  reason text not null,
  reached uuid,
  looked_at bigint not null default 0,
  matched bigint not null default 0,
  rejected bigint not null default 0,
  back bigint not null default 0,
  leased_until_at timestamptz,
  created_at timestamptz not null
);

create index sweep_by_petition
on sweep (petition_id, id);

create index sweep_at_work
on sweep (id)
where state in ('counting', 'running', 'undoing');

create table sweep_member (
  sweep_id uuid not null,
  signature_id uuid not null,
  primary key (sweep_id, signature_id)
);

create table sweep_transition (
  from_state text not null,
  to_state text not null,
  primary key (from_state, to_state)
);

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

create function sweep_legal_transition()
returns trigger
language plpgsql
as $$
begin
  if not exists (
    select 1
    from sweep_transition
    where from_state = old.state
    and to_state = new.state
  ) then
    raise exception 'sweep cannot go from % to %', old.state, new.state
    using errcode = 'check_violation', constraint = 'sweep_legal_transition';
  end if;
  return new;
end;
$$;

create trigger sweep_legal_transition
before update of state on sweep
for each row
when (old.state <> new.state)
execute function sweep_legal_transition();
