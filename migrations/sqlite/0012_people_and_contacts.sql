-- Who is who under every spelling, when a contact was checked, and what was learned of addresses.
alter table tenure
add column person_id text;

alter table tenure
add column checked_on text;

-- Of an address and not of a row: a new list that repeats the address keeps it.
create table contact (
  address text not null primary key,
  state text not null,
  note text,
  since_at integer not null,
  constraint contact_state check (state in ('unchecked', 'good', 'bounced', 'refused', 'stopped'))
) strict, without rowid;
