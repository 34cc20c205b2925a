-- Proof of work: when a petition asks for it, what was spent, and the permits that stand in its place for who has no script.
create table proof_rule (
  petition_id uuid not null primary key,
  mode text not null,
  until_at timestamptz,
  constraint proof_rule_mode check (mode in ('off', 'on', 'automatic'))
);

-- A proof is good once: for the signature that spent it first, and for that again.
create table spent_proof (
  petition_id uuid not null,
  proof bytea not null,
  signature_id uuid not null,
  expires_at timestamptz not null,
  primary key (petition_id, proof)
);

create index spent_proof_by_age
on spent_proof (expires_at);

create table permit (
  id uuid not null primary key,
  petition_id uuid not null,
  email_key bytea not null,
  client_key bytea,
  sealed_email bytea not null,
  language text not null,
  asked_at timestamptz not null,
  expires_at timestamptz not null,
  granted_at timestamptz
);

create index permit_by_email
on permit (petition_id, email_key, asked_at);

create index permit_by_client
on permit (petition_id, client_key, asked_at);

create index permit_by_age
on permit (expires_at);

-- One more kind of mail; of a permit, the signature's id is the permit's.
alter table mail
drop constraint mail_kind;

alter table mail
add constraint mail_kind check (kind in ('confirm', 'already_signed', 'reminder', 'permit'));
