-- Governments by name and point; who sat in which of their posts, list by list.
create table government (
  geoid text not null primary key,
  name text not null,
  state text not null,
  ocd_id text,
  latitude double precision,
  longitude double precision,
  constraint government_geoid check (length(geoid) in (5, 7, 10)),
  constraint government_point_whole check ((latitude is null) = (longitude is null))
);

create table jurisdiction (
  geoid text not null primary key,
  name text,
  state text,
  time_zone text
);

create table post (
  id text not null primary key,
  geoid text not null,
  place bigint not null,
  role text not null,
  title text not null,
  seat text not null,
  district text,
  seats bigint not null,
  constraint post_jurisdiction_exists foreign key (geoid) references jurisdiction (geoid),
  constraint post_role check (role in ('mayor', 'council_member', 'clerk', 'officer')),
  constraint post_seat check (seat in ('at_large', 'district', 'unknown')),
  constraint post_district check ((seat = 'district') = (district is not null)),
  constraint post_seats check (seats >= 1)
);

create index post_by_geoid
on post (geoid, place);

create table tenure (
  post_id text not null,
  number bigint not null,
  seat bigint not null,
  title text not null,
  stated text not null,
  listed_on date,
  list bigint not null,
  person text,
  party text,
  term_start date,
  term_end date,
  as_of text,
  source text,
  email text,
  web_form text,
  office_address text,
  url text,
  notes text not null,
  primary key (post_id, number),
  constraint tenure_post_exists foreign key (post_id) references post (id),
  constraint tenure_vacant check (
    person is not null
    or (party is null and term_start is null and term_end is null)
  )
);

create table directory_revision (
  one bigint not null primary key,
  revision bigint not null,
  constraint directory_revision_one check (one = 1)
);

insert into directory_revision (one, revision)
values (1, 0);
