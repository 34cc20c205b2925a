-- How offices wish to be written to about a petition.
create table office_wish (
  petition_id blob not null,
  post_id text not null,
  geoid text not null,
  title text not null,
  district text,
  pace text not null,
  goes_to_clerk integer not null,
  closure text,
  closed_at integer,
  -- A closure is a person's, or an address's: a later holder of the seat is written to again.
  closed_person text,
  closed_email text,
  changed_at integer not null,
  primary key (petition_id, post_id),
  constraint office_wish_pace check (pace in ('at_threshold', 'weekly', 'monthly')),
  constraint office_wish_closure check (closure in ('stopped', 'not_my_district', 'left_office')),
  constraint office_wish_closed check (
    (closure is null) = (closed_at is null)
    and (closure is not null or (closed_person is null and closed_email is null))
  )
) strict, without rowid;

create index office_wish_by_place
on office_wish (petition_id, geoid);
