-- What programs sent under an `Idempotency-Key`, for a day: keyed hashes alone, and which signature it became.
create table submission_key (
  petition_id uuid not null,
  key_hash bytea not null,
  body_hash bytea not null,
  signature_id uuid not null,
  is_done boolean not null default false,
  claimed_at timestamptz not null,
  primary key (petition_id, key_hash)
);

create index submission_key_by_age
on submission_key (claimed_at);
