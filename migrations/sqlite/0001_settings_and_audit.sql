-- What the instance knows about itself, and the log of what was done by whom.
create table setting (
  name text not null primary key,
  value text not null
) strict, without rowid;

create table audit (
  number integer not null primary key,
  actor text not null,
  action text not null,
  subject text not null,
  details text not null,
  at integer not null,
  hash blob not null,
  constraint audit_hash_length check (length(hash) = 32)
) strict;

create trigger audit_is_never_changed
before update on audit
begin
  select raise(abort, 'audit_is_never_changed');
end;

create trigger audit_is_never_shortened
before delete on audit
begin
  select raise(abort, 'audit_is_never_changed');
end;
