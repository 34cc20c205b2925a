-- An office may wish for one letter to the whole body, by way of the clerk. Who knows nothing of that writes to the clerk alone.
alter table office_wish
add column joins_body boolean not null default false,
add constraint office_wish_joins_body check (not joins_body or goes_to_clerk);

-- The letter to the whole body is carried by the delivery of one seat; the other seats' deliveries say by which.
alter table delivery
add column joined_id uuid,
add constraint delivery_joined_exists foreign key (joined_id) references delivery (id),
add constraint delivery_joined check (joined_id is null or (state = 'suppressed' and joined_id <> id));

-- The carrier's letter of its own, for when the one to all is taken apart before it was first tried.
alter table delivery
add column sealed_own bytea,
add constraint delivery_own check (sealed_own is null or joined_id is null);

create index delivery_joined
on delivery (joined_id)
where joined_id is not null;

create index delivery_joined_by_petition
on delivery (petition_id)
where joined_id is not null;

create index delivery_joined_by_post
on delivery (post_id)
where joined_id is not null;

-- What stands where in a batch, superseded ones included, which the unique index of posts leaves out.
create index delivery_by_batch
on delivery (batch_id);

create index delivery_carrying
on delivery (petition_id)
where sealed_own is not null;

insert into delivery_transition (from_state, to_state)
values
  ('suppressed', 'waiting'),
  ('suppressed', 'queued');

-- What an office wished not to get stays suppressed; what was joined to another letter goes by itself once it is not.
create function delivery_leaves_joint_letter()
returns trigger
language plpgsql
as $$
begin
  raise exception 'a delivery stays suppressed'
  using errcode = 'check_violation', constraint = 'delivery_legal_transition';
end;
$$;

create trigger delivery_leaves_joint_letter
before update of state on delivery
for each row
when (old.state = 'suppressed' and new.state <> 'suppressed' and old.joined_id is null)
execute function delivery_leaves_joint_letter();
