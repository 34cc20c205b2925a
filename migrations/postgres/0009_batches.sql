-- What was frozen: a batch of a jurisdiction, the lines of its list, who is in it.
create table batch (
  id uuid not null primary key,
  petition_id uuid not null,
  number bigint not null,
  geoid text not null,
  letter bigint not null,
  part bigint not null,
  parts bigint not null,
  state text not null,
  first_number bigint not null,
  last_number bigint not null,
  signers bigint not null,
  total bigint not null,
  self_asserted bigint not null,
  paper bigint not null,
  districts text not null,
  city_status text,
  rows_sha256 bytea not null,
  csv_sha256 bytea not null,
  merkle_root bytea not null,
  sealed_view bytea not null,
  sealed_csv bytea,
  frozen_at timestamptz not null,
  decided_at timestamptz,
  constraint batch_number_unique unique (petition_id, number),
  constraint batch_numbers check (number >= 1 and letter >= 1 and part >= 1 and part <= parts),
  constraint batch_signers check (signers >= 0 and last_number - first_number + 1 = signers),
  constraint batch_kinds check (self_asserted between 0 and signers and paper between 0 and signers),
  constraint batch_hashes check (
    octet_length(rows_sha256) = 32
    and octet_length(csv_sha256) = 32
    and octet_length(merkle_root) = 32
  ),
  constraint batch_decided check ((state = 'frozen') = (decided_at is null))
);

-- A cancelled batch frees its letter's number with its members.
create unique index batch_letter_unique
on batch (petition_id, geoid, letter, part)
where state <> 'cancelled';

create table batch_transition (
  from_state text not null,
  to_state text not null,
  primary key (from_state, to_state)
);

insert into batch_transition (from_state, to_state)
values
  ('frozen', 'approved'),
  ('frozen', 'cancelled');

create function batch_legal_transition()
returns trigger
language plpgsql
as $$
begin
  if not exists (
    select 1
    from batch_transition
    where from_state = old.state
    and to_state = new.state
  ) then
    raise exception 'batch cannot go from % to %', old.state, new.state
    using errcode = 'check_violation', constraint = 'batch_legal_transition';
  end if;
  return new;
end;
$$;

create trigger batch_legal_transition
before update of state on batch
for each row
when (old.state <> new.state)
execute function batch_legal_transition();

create function batch_never_changes()
returns trigger
language plpgsql
as $$
begin
  raise exception 'batch_never_changes'
  using errcode = 'check_violation', constraint = 'batch_never_changes';
end;
$$;

create trigger batch_never_changes
before update of
  petition_id, number, geoid, letter, part, parts, first_number, last_number, signers, total,
  self_asserted, paper, districts, rows_sha256, csv_sha256, merkle_root, frozen_at on batch
for each row
execute function batch_never_changes();

create function batch_never_goes()
returns trigger
language plpgsql
as $$
begin
  raise exception 'batch_never_changes'
  using errcode = 'check_violation', constraint = 'batch_never_changes';
end;
$$;

create trigger batch_never_goes
before delete on batch
for each row
execute function batch_never_goes();

-- A line can be emptied when its signer erases it; its leaf stays.
create table batch_row (
  batch_id uuid not null,
  position bigint not null,
  number bigint not null,
  signature_id uuid not null,
  leaf bytea not null,
  sealed_line bytea,
  is_correction boolean not null,
  primary key (batch_id, position),
  constraint batch_row_batch_exists foreign key (batch_id) references batch (id),
  constraint batch_row_leaf_length check (octet_length(leaf) = 32)
);

create index batch_row_by_signature
on batch_row (signature_id);

create function batch_row_never_changes()
returns trigger
language plpgsql
as $$
begin
  raise exception 'batch_never_changes'
  using errcode = 'check_violation', constraint = 'batch_never_changes';
end;
$$;

create trigger batch_row_never_changes
before update of batch_id, position, number, signature_id, leaf, is_correction on batch_row
for each row
execute function batch_row_never_changes();

-- Who is in a batch of a jurisdiction, and whether a later letter has said that they no longer are.
create table batch_member (
  petition_id uuid not null,
  geoid text not null,
  signature_id uuid not null,
  batch_id uuid not null,
  number bigint not null,
  is_corrected boolean not null default false,
  primary key (petition_id, geoid, signature_id),
  constraint batch_member_batch_exists foreign key (batch_id) references batch (id)
);

create index batch_member_by_batch
on batch_member (batch_id);

create index signature_unbatched
on signature (petition_id, home, id)
where state = 'confirmed' and frozen_at is null;

-- What an organizer asked the mailer's process to freeze.
create table freeze_request (
  number bigint generated always as identity primary key,
  petition_id uuid not null,
  geoid text,
  requested_at timestamptz not null
);

-- What cities have done about a petition's ask.
create table place_status (
  petition_id uuid not null,
  geoid text not null,
  status text not null,
  since_on date,
  source text,
  primary key (petition_id, geoid),
  constraint place_status_word check (status in ('forbid', 'end', 'under_study', 'met'))
);
