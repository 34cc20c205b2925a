-- A new pack resolves stored signatures again where their address is kept: they are found by this index.
create index signature_kept
on signature (petition_id, id)
where sealed_address is not null;

-- What a new pack would change of a petition, as a server last compared it.
create table reresolution (
  petition_id blob not null primary key,
  pack text not null,
  report text not null,
  made_at integer not null
) strict, without rowid;

-- What an organizer asked a server that has the pack at hand: to compare again, or to apply what the
-- report of that pack says.
create table reresolution_request (
  petition_id blob not null primary key,
  applies integer not null,
  pack text not null,
  requested_at integer not null
) strict, without rowid;
