-- Proof of work: when a petition asks for it, what was spent, and the permits that stand in its place for who has no script.
create table proof_rule (
  petition_id blob not null primary key,
  mode text not null,
  until_at integer,
  constraint proof_rule_mode check (mode in ('off', 'on', 'automatic'))
) strict, without rowid;

-- A proof is good once: for the signature that spent it first, and for that again.
create table spent_proof (
  petition_id blob not null,
  proof blob not null,
  signature_id blob not null,
  expires_at integer not null,
  primary key (petition_id, proof)
) strict, without rowid;

create index spent_proof_by_age
on spent_proof (expires_at);

create table permit (
  id blob not null primary key,
  petition_id blob not null,
  email_key blob not null,
  client_key blob,
  sealed_email blob not null,
  language text not null,
  asked_at integer not null,
  expires_at integer not null,
  granted_at integer
) strict;

create index permit_by_email
on permit (petition_id, email_key, asked_at);

create index permit_by_client
on permit (petition_id, client_key, asked_at);

create index permit_by_age
on permit (expires_at);

-- One more kind of mail; of a permit, the signature's id is the permit's.
create table mail_with_permits (
  id blob not null primary key,
  petition_id blob not null,
  signature_id blob not null,
  kind text not null,
  sealed_signer blob,
  queued_at integer not null,
  due_at integer not null,
  attempts integer not null default 0,
  constraint mail_kind check (kind in ('confirm', 'already_signed', 'reminder', 'permit'))
) strict;

insert into mail_with_permits (id, petition_id, signature_id, kind, sealed_signer, queued_at, due_at, attempts)
select id, petition_id, signature_id, kind, sealed_signer, queued_at, due_at, attempts
from mail;

drop table mail;

alter table mail_with_permits rename to mail;

create index mail_by_due
on mail (due_at, id);
