-- What the instance knows about itself, and the log of what was done by whom.
create table setting (
  name text not null primary key,
  value text not null
);

create table audit (
  number bigint not null primary key,
  actor text not null,
  action text not null,
  subject text not null,
  details text not null,
  at timestamptz not null,
  hash bytea not null,
  constraint audit_hash_length check (length(hash) = 32)
);

create function audit_is_never_changed()
returns trigger
language plpgsql
as $$
begin
  raise exception 'the audit log is never changed'
  using errcode = 'check_violation', constraint = 'audit_is_never_changed';
end;
$$;

create trigger audit_is_never_changed
before update or delete on audit
for each row
execute function audit_is_never_changed();

-- One row that each new entry locks: the chain grows at one end only.
create table audit_head (
  is_head boolean not null primary key default true,
  number bigint not null,
  hash bytea not null,
  constraint audit_head_single check (is_head)
);

insert into audit_head (number, hash)
values (0, decode(repeat('00', 32), 'hex'));
