-- What an organizer does with a point: the areas that govern, and the districts in force.
create schema peers;

-- Census documentation: CLASSFP C* is incorporated, FUNCSTAT A, B and C are active. A consolidated government comes second, because its
-- area takes in the cities that stayed apart.
create table peers.government as
select geoid, 1 as turn, the_geom
from staging.place
where classfp like 'C%'
  and funcstat in ('A', 'B', 'C')
union all
select geoid, 2, the_geom
from staging.concity
where funcstat in ('A', 'C');

create index government_the_geom_gist on peers.government using gist (the_geom);

create table peers.district as
select place_geoid, district, st_setsrid(st_geomfromgeojson(shape), 4269) as the_geom
from staging.districts;

create index district_the_geom_gist on peers.district using gist (the_geom);
analyze peers.government, peers.district;
