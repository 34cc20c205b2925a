-- Which servers take the mail of a domain, as the DNS last said: domains with the same servers share a pace and a breaker.
create table mail_route (
  domain text not null primary key,
  -- `mx:outlook.com`, or the domain itself where it has servers of its own name.
  mx_group text not null,
  asked_at integer not null
) strict, without rowid;

-- When the next letter to a group may go; of groups with a pace that letters went to.
create table mail_pace (
  mx_group text not null primary key,
  next_at integer not null
) strict, without rowid;

-- What a letter waits for, by the names that breakers have.
create view delivery_way as
select
  d.id,
  lower(substr(d.email, instr(d.email, '@') + 1)) as domain,
  coalesce(r.mx_group, lower(substr(d.email, instr(d.email, '@') + 1))) as mx_group,
  'batch:' || lower(hex(d.batch_id)) as batch
from delivery d
left join mail_route r on r.domain = lower(substr(d.email, instr(d.email, '@') + 1));
