-- Petitions, their states, and the steps between them.
create table petition (
  id uuid not null primary key,
  organization_id uuid not null,
  slug text not null,
  state text not null,
  title text not null,
  ask text not null,
  targets text not null,
  places text not null,
  confirmation text not null,
  threshold integer not null,
  is_on_autopilot boolean not null,
  time_zone text not null,
  sender_organization text,
  sender_address text,
  sender_email text,
  retention_days integer not null,
  keeps_address boolean not null,
  created_at timestamptz not null,
  opened_at timestamptz,
  closed_at timestamptz,
  constraint petition_slug_unique unique (slug),
  constraint petition_organization_exists foreign key (organization_id) references organization (id),
  constraint petition_confirmation check (confirmation in ('email', 'none')),
  constraint petition_threshold check (threshold >= 1),
  constraint petition_sender_whole check (
    (sender_organization is null) = (sender_address is null)
    and (sender_address is null) = (sender_email is null)
  )
);

create table petition_transition (
  from_state text not null,
  to_state text not null,
  primary key (from_state, to_state)
);

insert into petition_transition (from_state, to_state)
values
  ('draft', 'open'),
  ('draft', 'archived'),
  ('open', 'paused'),
  ('open', 'closed'),
  ('paused', 'open'),
  ('paused', 'closed'),
  ('closed', 'open'),
  ('closed', 'archived');

create function petition_legal_transition()
returns trigger
language plpgsql
as $$
begin
  if not exists (
    select 1
    from petition_transition
    where from_state = old.state
    and to_state = new.state
  ) then
    raise exception 'petition cannot go from % to %', old.state, new.state
    using errcode = 'check_violation', constraint = 'petition_legal_transition';
  end if;
  return new;
end;
$$;

create trigger petition_legal_transition
before update of state on petition
for each row
when (old.state <> new.state)
execute function petition_legal_transition();
