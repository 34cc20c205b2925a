-- Mail to signers that waits to be sent: ids, not text. Rows go when sent.
create table mail (
  id uuid not null primary key,
  petition_id uuid not null,
  signature_id uuid not null,
  kind text not null,
  sealed_signer bytea,
  queued_at timestamptz not null,
  due_at timestamptz not null,
  attempts integer not null default 0,
  constraint mail_kind check (kind in ('confirm', 'already_signed', 'reminder'))
);

create index mail_by_due
on mail (due_at, id);
