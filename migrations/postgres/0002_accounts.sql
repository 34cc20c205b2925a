-- Organizations, accounts, memberships and sessions. Instants are microseconds since 1970, UTC.
create table organization (
  id uuid not null primary key,
  slug text not null,
  name text not null,
  constraint organization_slug_unique unique (slug)
);

insert into organization (id, slug, name)
values ('00000000-0000-7000-8000-000000000001', 'default', 'Default organization');

create table account (
  id uuid not null primary key,
  email text not null,
  email_key text not null,
  password_hash text not null,
  disabled_at timestamptz,
  created_at timestamptz not null,
  constraint account_email_unique unique (email_key)
);

create table membership (
  account_id uuid not null,
  organization_id uuid not null,
  role text not null,
  primary key (account_id, organization_id),
  constraint membership_account_exists foreign key (account_id) references account (id),
  constraint membership_organization_exists foreign key (organization_id) references organization (id),
  constraint membership_role check (role in ('owner', 'editor', 'reviewer', 'analyst', 'deliverer'))
);

create table session (
  secret_hash bytea not null primary key,
  account_id uuid not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  constraint session_account_exists foreign key (account_id) references account (id)
);

create index session_by_account
on session (account_id);
