-- Signatures are appended under ids that sort by time, and carry no random unique index: who of one
-- mailbox counts is held by the household.
create table signature (
  id blob not null primary key,
  petition_id blob not null,
  email_key blob not null,
  name_key blob not null,
  zip_key blob not null,
  content_key blob not null,
  address_key blob,
  client_key blob,
  state text not null,
  is_counted integer not null,
  rejected_by text,
  rejection text,
  home text not null,
  district text not null,
  is_self_asserted integer not null,
  governments_over text not null,
  level text not null,
  pack text not null,
  origin text not null,
  sheet text,
  sealed_signer blob,
  sealed_address blob,
  sealed_comment blob,
  shares_comment integer not null,
  lists_name integer not null,
  wants_updates integer not null,
  language text not null,
  epoch integer not null default 0,
  wrong_codes integer not null default 0,
  number integer,
  signed_at integer not null,
  confirm_by_at integer not null,
  confirmed_at integer,
  reminded_at integer,
  ended_at integer,
  frozen_at integer,
  constraint signature_counted check (
    is_counted = (state = 'confirmed')
    or state = 'erased'
  ),
  constraint signature_rejection check (
    (rejected_by is null) = (rejection is null)
    and (rejection is not null or state <> 'rejected')
  ),
  constraint signature_erased check (state <> 'erased' or sealed_signer is null),
  constraint signature_district check (district = '' or home not in ('outside', 'unlocated')),
  constraint signature_origin check (origin in ('online', 'paper'))
) strict;

create index signature_by_petition
on signature (petition_id, id);

-- Without the id, or a look-up of one pending signature by its id would walk this index.
create index signature_pending
on signature (confirm_by_at)
where state = 'pending';

create table signature_transition (
  from_state text not null,
  to_state text not null,
  primary key (from_state, to_state)
) strict, without rowid;

insert into signature_transition (from_state, to_state)
values
  ('pending', 'confirmed'),
  ('pending', 'rejected'),
  ('pending', 'erased'),
  ('confirmed', 'withdrawn'),
  ('confirmed', 'rejected'),
  ('confirmed', 'erased'),
  ('withdrawn', 'erased'),
  ('rejected', 'pending'),
  ('rejected', 'confirmed'),
  ('rejected', 'erased');

create trigger signature_legal_transition
before update of state on signature
when old.state <> new.state
begin
  select raise(abort, 'signature_legal_transition')
  where not exists (
    select 1
    from signature_transition
    where from_state = old.state
    and to_state = new.state
  );
end;

-- The people of one mailbox: two slots, each a signature and its name, and the instants of the last
-- five mails, the newest first. `displaced_a` and `displaced_b` say whom the last taking pushed out.
create table household (
  petition_id blob not null,
  email_key blob not null,
  zip_key blob not null,
  a_id blob not null,
  a_name blob not null,
  a_content blob not null,
  a_firm integer not null,
  b_id blob,
  b_name blob,
  b_content blob,
  b_firm integer not null default 0,
  displaced_a blob,
  displaced_b blob,
  takings integer not null default 1,
  by_rejected integer not null default 0,
  mail_1_at integer,
  mail_2_at integer,
  mail_3_at integer,
  mail_4_at integer,
  mail_5_at integer,
  primary key (petition_id, email_key),
  constraint household_other_name check (b_name <> a_name),
  constraint household_second_whole check (
    (b_id is null) = (b_name is null)
    and (b_id is null) = (b_content is null)
    and (b_id is not null or b_firm = 0)
  )
) strict, without rowid;
