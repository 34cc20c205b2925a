-- What offices say about petitions, and that signers are told.
create table response (
  id blob not null primary key,
  petition_id blob not null,
  geoid text not null,
  post_id text not null,
  delivery_id blob not null,
  event_id blob,
  title text not null,
  district text,
  person text,
  position text not null,
  text text not null,
  state text not null,
  responded_at integer not null,
  decided_at integer,
  decided_by text,
  published_at integer,
  told_after blob,
  told_at integer,
  -- An answer that came by mail is published once.
  constraint response_event_unique unique (event_id),
  constraint response_delivery_exists foreign key (delivery_id) references delivery (id),
  constraint response_position check (position in ('support', 'oppose', 'under_study', 'unstated')),
  constraint response_state check (state in ('waiting', 'published', 'declined', 'replaced')),
  constraint response_text_length check (length(text) between 1 and 5000),
  constraint response_decided check ((decided_at is null) = (decided_by is null)),
  constraint response_published check (state <> 'published' or published_at is not null)
) strict;

-- Of one office one response waits, and one is shown.
create unique index response_waiting_unique
on response (petition_id, post_id)
where state = 'waiting';

create unique index response_published_unique
on response (petition_id, post_id)
where state = 'published';

create index response_by_petition
on response (petition_id, geoid, responded_at);

create index response_by_post
on response (petition_id, post_id, responded_at);

create index response_untold
on response (published_at)
where state = 'published'
and told_at is null;

create table response_transition (
  from_state text not null,
  to_state text not null,
  primary key (from_state, to_state)
) strict, without rowid;

insert into response_transition (from_state, to_state)
values
  ('waiting', 'published'),
  ('waiting', 'declined'),
  ('waiting', 'replaced'),
  ('declined', 'published'),
  ('published', 'declined'),
  ('published', 'replaced');

create trigger response_legal_transition
before update of state on response
when old.state <> new.state
begin
  select raise(abort, 'response_legal_transition')
  where not exists (
    select 1
    from response_transition
    where from_state = old.state
    and to_state = new.state
  );
end;

-- One more kind of mail: what an office said, named by its id.
create table mail_with_responses (
  id blob not null primary key,
  petition_id blob not null,
  signature_id blob not null,
  kind text not null,
  sealed_signer blob,
  response_id blob,
  queued_at integer not null,
  due_at integer not null,
  attempts integer not null default 0,
  constraint mail_kind check (kind in ('confirm', 'already_signed', 'reminder', 'permit', 'response')),
  constraint mail_response check ((kind = 'response') = (response_id is not null))
) strict;

insert into mail_with_responses (id, petition_id, signature_id, kind, sealed_signer, queued_at, due_at, attempts)
select id, petition_id, signature_id, kind, sealed_signer, queued_at, due_at, attempts
from mail;

drop table mail;

alter table mail_with_responses rename to mail;

create index mail_by_due
on mail (due_at, id);

create unique index mail_response_unique
on mail (signature_id, response_id)
where response_id is not null;

-- More that an organizer is asked to do.
create table task_with_desk (
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
  constraint task_kind check (
    kind in (
      'bounced', 'rejected', 'complaint', 'challenge', 'reply', 'response', 'not_my_district', 'left_office', 'stopped'
    )
  ),
  constraint task_done check ((done_at is null) = (done_by is null))
) strict;

insert into task_with_desk (
  id, kind, petition_id, geoid, post_id, delivery_id, fallback_post_id, opened_at, done_at, done_by
)
select id, kind, petition_id, geoid, post_id, delivery_id, fallback_post_id, opened_at, done_at, done_by
from task;

drop table task;

alter table task_with_desk rename to task;

create unique index task_open_unique
on task (delivery_id, kind)
where done_at is null;

create index task_by_petition
on task (petition_id, id);
