-- Answers by mail that go on to the petition's own address: ids, not text. The text is made when one goes.
create table forward (
  event_id uuid not null primary key,
  delivery_id uuid not null,
  state text not null,
  queued_at timestamptz not null,
  due_at timestamptz not null,
  attempts bigint not null default 0,
  settled_at timestamptz,
  constraint forward_event_exists foreign key (event_id) references delivery_event (id),
  constraint forward_state check (state in ('waiting', 'sent', 'dropped')),
  constraint forward_settled check ((state = 'waiting') = (settled_at is null))
);

create index forward_due
on forward (due_at, event_id)
where state = 'waiting';

-- What providers sign once: a second sight of it is somebody else's.
create table hook_token (
  provider text not null,
  token bytea not null,
  digest bytea not null,
  expires_at timestamptz not null,
  primary key (provider, token),
  constraint hook_token_length check (length(token) = 32 and length(digest) = 32)
);

create index hook_token_by_age
on hook_token (expires_at);

-- A provider that names nothing else of a letter names it by its own word for it.
create index delivery_by_queue_id
on delivery (queue_id)
where queue_id is not null;
