-- Letters on their way, and each try.
create table delivery (
  id uuid not null primary key,
  batch_id uuid not null,
  petition_id uuid not null,
  geoid text not null,
  variant text not null,
  post_id text not null,
  role text not null,
  title text not null,
  district text,
  person text,
  email text,
  no_contact text,
  state text not null,
  epoch bigint not null default 0,
  attempts bigint not null default 0,
  due_at timestamptz not null,
  queued_at timestamptz,
  lease_token uuid,
  leased_until_at timestamptz,
  sealed_letter bytea not null,
  recipient text,
  message_id text,
  dated_at timestamptz,
  wire_sha256 bytea,
  signatures text,
  reply_code bigint,
  reply_text text,
  queue_id text,
  note text,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  accepted_at timestamptz,
  constraint delivery_batch_exists foreign key (batch_id) references batch (id),
  constraint delivery_variant check (variant in ('letter', 'link')),
  constraint delivery_contact check ((email is null) = (no_contact is not null)),
  constraint delivery_reachable check (
    email is not null
    or state in ('no_contact', 'delivered_by_hand', 'cancelled', 'suppressed')
  ),
  constraint delivery_lease check ((state in ('leased', 'data_sent')) = (lease_token is not null)),
  constraint delivery_envelope_whole check (
    (recipient is null) = (message_id is null)
    and (message_id is null) = (dated_at is null)
    and (dated_at is null) = (wire_sha256 is null)
    and (wire_sha256 is null) = (signatures is null)
  ),
  constraint delivery_sent_as_settled check (
    message_id is not null
    or state not in ('data_sent', 'accepted', 'uncertain', 'presumed_delivered')
  ),
  -- Without the server's own yes, a person must have said why it counts as accepted.
  constraint delivery_accepted check (
    state <> 'accepted'
    or coalesce(reply_code, 0) between 200 and 299
    or note is not null
  )
);

create unique index delivery_post_unique
on delivery (batch_id, post_id, variant);

create index delivery_due
on delivery (due_at, id)
where state in ('queued', 'deferred');

create index delivery_leased
on delivery (leased_until_at)
where state in ('leased', 'data_sent');

create index delivery_by_petition
on delivery (petition_id, id);

create index delivery_by_post
on delivery (petition_id, post_id, id);

create table delivery_transition (
  from_state text not null,
  to_state text not null,
  primary key (from_state, to_state)
);

insert into delivery_transition (from_state, to_state)
values
  ('waiting', 'queued'),
  ('waiting', 'cancelled'),
  ('waiting', 'suppressed'),
  ('queued', 'leased'),
  ('queued', 'cancelled'),
  ('queued', 'suppressed'),
  ('leased', 'queued'),
  ('leased', 'data_sent'),
  ('leased', 'deferred'),
  ('leased', 'held'),
  ('leased', 'refused'),
  ('leased', 'too_large'),
  ('data_sent', 'accepted'),
  ('data_sent', 'deferred'),
  ('data_sent', 'refused'),
  ('data_sent', 'too_large'),
  ('data_sent', 'held'),
  ('data_sent', 'uncertain'),
  ('deferred', 'queued'),
  ('deferred', 'expired'),
  ('deferred', 'cancelled'),
  ('deferred', 'suppressed'),
  ('held', 'queued'),
  ('held', 'expired'),
  ('held', 'cancelled'),
  ('held', 'suppressed'),
  ('uncertain', 'accepted'),
  ('uncertain', 'refused'),
  ('uncertain', 'queued'),
  ('uncertain', 'abandoned'),
  ('accepted', 'presumed_delivered'),
  ('accepted', 'bounced_hard'),
  ('accepted', 'bounced_soft'),
  ('presumed_delivered', 'bounced_hard'),
  ('presumed_delivered', 'bounced_soft'),
  ('bounced_soft', 'queued'),
  ('no_contact', 'queued'),
  ('no_contact', 'waiting'),
  ('no_contact', 'delivered_by_hand'),
  ('no_contact', 'cancelled'),
  ('no_contact', 'suppressed'),
  ('too_large', 'superseded'),
  ('bounced_hard', 'superseded'),
  ('refused', 'superseded');

create function delivery_legal_transition()
returns trigger
language plpgsql
as $$
begin
  if not exists (
    select 1
    from delivery_transition
    where from_state = old.state
    and to_state = new.state
  ) then
    raise exception 'delivery cannot go from % to %', old.state, new.state
    using errcode = 'check_violation', constraint = 'delivery_legal_transition';
  end if;
  return new;
end;
$$;

create trigger delivery_legal_transition
before update of state on delivery
for each row
when (old.state <> new.state)
execute function delivery_legal_transition();

-- Every try sends the same bytes.
create function delivery_settled_once()
returns trigger
language plpgsql
as $$
begin
  raise exception 'delivery_settled_once'
  using errcode = 'check_violation', constraint = 'delivery_settled_once';
end;
$$;

create trigger delivery_settled_once
before update of recipient, message_id, dated_at, wire_sha256, signatures on delivery
for each row
when (old.message_id is not null)
execute function delivery_settled_once();

create table attempt (
  delivery_id uuid not null,
  number bigint not null,
  state text not null,
  stage text not null,
  reply_code bigint,
  reply_text text,
  queue_id text,
  due_at timestamptz,
  at timestamptz not null,
  primary key (delivery_id, number),
  constraint attempt_delivery_exists foreign key (delivery_id) references delivery (id)
);
