-- What was frozen: a batch of a jurisdiction, the lines of its list, who is in it.
create table batch (
  id blob not null primary key,
  petition_id blob not null,
  number integer not null,
  geoid text not null,
  letter integer not null,
  part integer not null,
  parts integer not null,
  state text not null,
  first_number integer not null,
  last_number integer not null,
  signers integer not null,
  total integer not null,
  self_asserted integer not null,
  paper integer not null,
  districts text not null,
  city_status text,
  rows_sha256 blob not null,
  csv_sha256 blob not null,
  merkle_root blob not null,
  sealed_view blob not null,
  sealed_csv blob,
  frozen_at integer not null,
  decided_at integer,
  constraint batch_number_unique unique (petition_id, number),
  constraint batch_numbers check (number >= 1 and letter >= 1 and part >= 1 and part <= parts),
  constraint batch_signers check (signers >= 0 and last_number - first_number + 1 = signers),
  constraint batch_kinds check (self_asserted between 0 and signers and paper between 0 and signers),
  constraint batch_hashes check (
    length(rows_sha256) = 32
    and length(csv_sha256) = 32
    and length(merkle_root) = 32
  ),
  constraint batch_decided check ((state = 'frozen') = (decided_at is null))
) strict;

-- A cancelled batch frees its letter's number with its members.
create unique index batch_letter_unique
on batch (petition_id, geoid, letter, part)
where state <> 'cancelled';

create table batch_transition (
  from_state text not null,
  to_state text not null,
  primary key (from_state, to_state)
) strict, without rowid;

insert into batch_transition (from_state, to_state)
values
  ('frozen', 'approved'),
  ('frozen', 'cancelled');

create trigger batch_legal_transition
before update of state on batch
when old.state <> new.state
begin
  select raise(abort, 'batch_legal_transition')
  where not exists (
    select 1
    from batch_transition
    where from_state = old.state
    and to_state = new.state
  );
end;

create trigger batch_never_changes
before update of
  petition_id, number, geoid, letter, part, parts, first_number, last_number, signers, total,
  self_asserted, paper, districts, rows_sha256, csv_sha256, merkle_root, frozen_at
on batch
begin
  select raise(abort, 'batch_never_changes');
end;

create trigger batch_never_goes
before delete on batch
begin
  select raise(abort, 'batch_never_changes');
end;

-- A line can be emptied when its signer erases it; its leaf stays.
create table batch_row (
  batch_id blob not null,
  position integer not null,
  number integer not null,
  signature_id blob not null,
  leaf blob not null,
  sealed_line blob,
  is_correction integer not null,
  primary key (batch_id, position),
  constraint batch_row_batch_exists foreign key (batch_id) references batch (id),
  constraint batch_row_leaf_length check (length(leaf) = 32)
) strict, without rowid;

create index batch_row_by_signature
on batch_row (signature_id);

create trigger batch_row_never_changes
before update of batch_id, position, number, signature_id, leaf, is_correction on batch_row
begin
  select raise(abort, 'batch_never_changes');
end;

-- Who is in a batch of a jurisdiction, and whether a later letter has said that they no longer are.
create table batch_member (
  petition_id blob not null,
  geoid text not null,
  signature_id blob not null,
  batch_id blob not null,
  number integer not null,
  is_corrected integer not null default 0,
  primary key (petition_id, geoid, signature_id),
  constraint batch_member_batch_exists foreign key (batch_id) references batch (id)
) strict, without rowid;

create index batch_member_by_batch
on batch_member (batch_id);

create index signature_unbatched
on signature (petition_id, home, id)
where state = 'confirmed' and frozen_at is null;

-- What an organizer asked the mailer's process to freeze.
create table freeze_request (
  number integer not null primary key autoincrement,
  petition_id blob not null,
  geoid text,
  requested_at integer not null
) strict;

-- What cities have done about a petition's ask.
create table place_status (
  petition_id blob not null,
  geoid text not null,
  status text not null,
  since_on text,
  source text,
  primary key (petition_id, geoid),
  constraint place_status_word check (status in ('forbid', 'end', 'under_study', 'met'))
) strict, without rowid;
