-- Organizations, accounts, memberships and sessions. Instants are microseconds since 1970, UTC.
create table organization (
  id blob not null primary key,
  slug text not null,
  name text not null,
  constraint organization_slug_unique unique (slug)
) strict;

insert into organization (id, slug, name)
values (x'00000000000070008000000000000001', 'default', 'Default organization');

create table account (
  id blob not null primary key,
  email text not null,
  email_key text not null,
  password_hash text not null,
  disabled_at integer,
  created_at integer not null,
  constraint account_email_unique unique (email_key)
) strict;

create table membership (
  account_id blob not null,
  organization_id blob not null,
  role text not null,
  primary key (account_id, organization_id),
  constraint membership_account_exists foreign key (account_id) references account (id),
  constraint membership_organization_exists foreign key (organization_id) references organization (id),
  constraint membership_role check (role in ('owner', 'editor', 'reviewer', 'analyst', 'deliverer'))
) strict, without rowid;

create table session (
  secret_hash blob not null primary key,
  account_id blob not null,
  created_at integer not null,
  expires_at integer not null,
  constraint session_account_exists foreign key (account_id) references account (id)
) strict, without rowid;

create index session_by_account
on session (account_id);
