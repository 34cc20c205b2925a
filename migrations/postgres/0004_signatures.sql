-- Signatures are appended under ids that sort by time, and carry no random unique index: who of one
-- mailbox counts is held by the household.
create table signature (
  id uuid not null,
  petition_id uuid not null,
  email_key bytea not null,
  name_key bytea not null,
  zip_key bytea not null,
  content_key bytea not null,
  address_key bytea,
  client_key bytea,
  state text not null,
  is_counted boolean not null,
  rejected_by text,
  rejection text,
  home text not null,
  district text not null,
  is_self_asserted boolean not null,
  governments_over text not null,
  level text not null,
  pack text not null,
  origin text not null,
  sheet text,
  sealed_signer bytea,
  sealed_address bytea,
  sealed_comment bytea,
  shares_comment boolean not null,
  lists_name boolean not null,
  wants_updates boolean not null,
  language text not null,
  epoch integer not null default 0,
  wrong_codes integer not null default 0,
  number bigint,
  signed_at timestamptz not null,
  confirm_by_at timestamptz not null,
  confirmed_at timestamptz,
  reminded_at timestamptz,
  ended_at timestamptz,
  frozen_at timestamptz,
  -- The id comes first, so that the index is appended to; petition and e-mail key are there so that
  -- the table can be distributed. No foreign key to the petition: each insert would lock its row.
  primary key (id, petition_id, email_key),
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
);

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
);

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

create function signature_legal_transition()
returns trigger
language plpgsql
as $$
begin
  if not exists (
    select 1
    from signature_transition
    where from_state = old.state
    and to_state = new.state
  ) then
    raise exception 'signature cannot go from % to %', old.state, new.state
    using errcode = 'check_violation', constraint = 'signature_legal_transition';
  end if;
  return new;
end;
$$;

create trigger signature_legal_transition
before update of state on signature
for each row
when (old.state <> new.state)
execute function signature_legal_transition();

-- The people of one mailbox: two slots, each a signature and its name, and the instants of the last
-- five mails, the newest first. `displaced_a` and `displaced_b` say whom the last taking pushed out.
create table household (
  petition_id uuid not null,
  email_key bytea not null,
  zip_key bytea not null,
  a_id uuid not null,
  a_name bytea not null,
  a_content bytea not null,
  a_firm boolean not null,
  b_id uuid,
  b_name bytea,
  b_content bytea,
  b_firm boolean not null default false,
  displaced_a uuid,
  displaced_b uuid,
  takings integer not null default 1,
  by_rejected boolean not null default false,
  mail_1_at timestamptz,
  mail_2_at timestamptz,
  mail_3_at timestamptz,
  mail_4_at timestamptz,
  mail_5_at timestamptz,
  primary key (petition_id, email_key),
  constraint household_other_name check (b_name <> a_name),
  constraint household_second_whole check (
    (b_id is null) = (b_name is null)
    and (b_id is null) = (b_content is null)
    and (b_id is not null or not b_firm)
  )
);
