-- Mail to signers that waits to be sent: ids, not text. Rows go when sent.
create table mail (
  id blob not null primary key,
  petition_id blob not null,
  signature_id blob not null,
  kind text not null,
  sealed_signer blob,
  queued_at integer not null,
  due_at integer not null,
  attempts integer not null default 0,
  constraint mail_kind check (kind in ('confirm', 'already_signed', 'reminder'))
) strict;

create index mail_by_due
on mail (due_at, id);
