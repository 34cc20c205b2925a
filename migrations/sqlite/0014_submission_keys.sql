-- What programs sent under an `Idempotency-Key`, for a day: keyed hashes alone, and which signature it became.
create table submission_key (
  petition_id blob not null,
  key_hash blob not null,
  body_hash blob not null,
  signature_id blob not null,
  is_done integer not null default 0,
  claimed_at integer not null,
  primary key (petition_id, key_hash)
) strict, without rowid;

create index submission_key_by_age
on submission_key (claimed_at);
