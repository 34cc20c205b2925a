-- Pace towards the servers of a domain, shared by all mailers: what is in trouble or blocked gets no letters for a while.
create table breaker (
  -- A domain in lower case; `*` is the relay through which all letters go.
  name text not null primary key,
  state text not null,
  failures bigint not null,
  -- Open: when one letter is tried. Half open: until when its answer is waited for.
  until_at timestamptz,
  reply_code bigint,
  reply_text text,
  changed_at timestamptz not null,
  constraint breaker_state check (state in ('open', 'half_open', 'blocked')),
  constraint breaker_until check ((state = 'blocked') = (until_at is null))
);

-- When a letter was first tried: five days of tries are not five days of waiting for an office to open.
alter table delivery add column tried_at timestamptz;

update delivery
set tried_at = (
  select min(at)
  from attempt
  where delivery_id = delivery.id
  and not (stage = 'connect' and reply_code = 0 and reply_text like 'waits for%')
);

-- One letter a day for each official: the next one by post, and those that went.
create index delivery_due_by_post
on delivery (post_id, due_at, id)
where state = 'queued';

create index delivery_in_flight_by_post
on delivery (post_id)
where state in ('leased', 'data_sent');

create index delivery_gone_by_post
on delivery (post_id, accepted_at)
where accepted_at is not null
or state in ('data_sent', 'uncertain');
