-- Wrapped petition keys, in a schema of their own that ordinary backups leave out.
create schema keys;

create table keys.petition_key (
  petition_id uuid not null primary key,
  wrapped bytea not null
);
