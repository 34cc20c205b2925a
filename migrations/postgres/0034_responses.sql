-- What offices say about petitions, and that signers are told.
create table response (
  id uuid not null primary key,
  petition_id uuid not null,
  geoid text not null,
  post_id text not null,
  delivery_id uuid not null,
  event_id uuid,
  title text not null,
  district text,
  person text,
  position text not null,
  text text not null,
  state text not null,
  responded_at timestamptz not null,
  decided_at timestamptz,
  decided_by text,
  published_at timestamptz,
  told_after uuid,
  told_at timestamptz,
  -- An answer that came by mail is published once.
  constraint response_event_unique unique (event_id),
  constraint response_delivery_exists foreign key (delivery_id) references delivery (id),
  constraint response_position check (position in ('support', 'oppose', 'under_study', 'unstated')),
  constraint response_state check (state in ('waiting', 'published', 'declined', 'replaced')),
  constraint response_text_length check (length(text) between 1 and 5000),
  constraint response_decided check ((decided_at is null) = (decided_by is null)),
  constraint response_published check (state <> 'published' or published_at is not null)
);

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
);

insert into response_transition (from_state, to_state)
values
  ('waiting', 'published'),
  ('waiting', 'declined'),
  ('waiting', 'replaced'),
  ('declined', 'published'),
  ('published', 'declined'),
  ('published', 'replaced');

create function response_legal_transition()
returns trigger
language plpgsql
as $$
begin
  if not exists (
    select 1
    from response_transition
    where from_state = old.state
    and to_state = new.state
  ) then
    raise exception 'response cannot go from % to %', old.state, new.state
    using errcode = 'check_violation', constraint = 'response_legal_transition';
  end if;
  return new;
end;
$$;

create trigger response_legal_transition
before update of state on response
for each row
when (old.state <> new.state)
execute function response_legal_transition();

-- One more kind of mail: what an office said, named by its id.
alter table mail
add column response_id uuid;

alter table mail
drop constraint mail_kind;

alter table mail
add constraint mail_kind check (kind in ('confirm', 'already_signed', 'reminder', 'permit', 'response'));

alter table mail
add constraint mail_response check ((kind = 'response') = (response_id is not null));

create unique index mail_response_unique
on mail (signature_id, response_id)
where response_id is not null;

-- More that an organizer is asked to do.
alter table task
drop constraint task_kind;

alter table task
add constraint task_kind check (
  kind in (
    'bounced', 'rejected', 'complaint', 'challenge', 'reply', 'response', 'not_my_district', 'left_office', 'stopped'
  )
);
