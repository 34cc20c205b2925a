-- What came back about letters, in whatever order and however often, and what an organizer is asked to do about it.
create table delivery_event (
  id blob not null primary key,
  digest blob not null,
  delivery_id blob not null,
  kind text not null,
  status text,
  diagnostic text,
  remote_mta text,
  sealed_answer blob,
  is_waiting integer not null default 0,
  received_at integer not null,
  -- The same message is taken once for a letter, however often it is handed in.
  constraint delivery_event_digest_unique unique (delivery_id, digest),
  constraint delivery_event_delivery_exists foreign key (delivery_id) references delivery (id),
  constraint delivery_event_digest_length check (length(digest) = 32),
  constraint delivery_event_kind check (
    kind in (
      'bad_address', 'rejected', 'passing', 'complaint', 'challenge', 'delayed', 'auto_reply', 'reply', 'delivered'
    )
  ),
  constraint delivery_event_answer check (sealed_answer is null or kind = 'reply')
) strict;

create index delivery_event_by_delivery
on delivery_event (delivery_id, received_at, id);

create index delivery_event_waiting
on delivery_event (delivery_id)
where is_waiting = 1;

create table task (
  id blob not null primary key,
  kind text not null,
  petition_id blob not null,
  geoid text not null,
  post_id text not null,
  delivery_id blob not null,
  fallback_post_id text,
  opened_at integer not null,
  done_at integer,
  done_by text,
  constraint task_delivery_exists foreign key (delivery_id) references delivery (id),
  constraint task_kind check (kind in ('bounced', 'rejected', 'complaint', 'challenge', 'reply')),
  constraint task_done check ((done_at is null) = (done_by is null))
) strict;

-- One thing to do is asked for once, until it is done.
create unique index task_open_unique
on task (delivery_id, kind)
where done_at is null;

create index task_by_petition
on task (petition_id, id);

-- Messages that are about no letter of ours, by day: how many, and nothing else of them.
create table stray_message (
  on_day text not null,
  reason text not null,
  messages integer not null,
  primary key (on_day, reason),
  constraint stray_message_reason check (reason in ('forged', 'unmatched', 'unreadable'))
) strict;

insert into delivery_transition (from_state, to_state)
values
  ('bounced_soft', 'bounced_hard'),
  ('bounced_soft', 'expired');

-- A letter to the fallback contact is for the same seat: it takes the place of the one that came back.
drop index delivery_post_unique;

create unique index delivery_post_unique
on delivery (batch_id, post_id, variant)
where state <> 'superseded';

-- A letter is found by its id when a server names nothing else of it.
create index delivery_by_message_id
on delivery (message_id)
where message_id is not null;

create index delivery_bounced
on delivery (due_at)
where state = 'bounced_soft';
