-- From the layers of the sample to the tables that geocode() reads.
--
-- The geocoder wants EDGES, FEATNAMES and ADDR. The sample, like Redress, has ADDRFEAT, which the Census makes of those three; so each
-- of its records gives back an edge, a name of it, and a range for each side that has numbers. States are tables of their own in
-- tiger_data, each bound to its code, as the geocoder's documentation has them.

-- Its state is known by the letters that addresses end with: a made-up state has no other name.
create table staging.state as
select distinct
    county.statefp,
    zips.state as stusps
from staging.county
join staging.zips on zips.county = county.name and zips.county_fips3 = county.countyfp;

insert into tiger.state_lookup (st_code, name, abbrev, statefp)
select statefp::integer, stusps, stusps, statefp
from staging.state;

insert into tiger.state (statefp, stusps, name, funcstat, the_geom)
select state.statefp, state.stusps, state.stusps, 'A', st_multi(st_union(county.the_geom))
from staging.state
join staging.county using (statefp)
group by state.statefp, state.stusps;

insert into tiger.county (statefp, countyfp, cntyidfp, name, namelsad, lsad, classfp, mtfcc, funcstat, the_geom)
select statefp, countyfp, geoid, name, namelsad, lsad, classfp, mtfcc, funcstat, the_geom
from staging.county;

insert into tiger.county_lookup (st_code, state, co_code, name)
select county.statefp::integer, state.stusps, county.countyfp::integer, county.name
from staging.county
join staging.state using (statefp);

insert into tiger.place_lookup (st_code, state, pl_code, name)
select place.statefp::integer, state.stusps, place.placefp::integer, place.name
from staging.place
join staging.state using (statefp);

insert into tiger.countysub_lookup (st_code, state, co_code, county, cs_code, name)
select cousub.statefp::integer, state.stusps, cousub.countyfp::integer, county.name, cousub.cousubfp::integer, cousub.name
from staging.cousub
join staging.state using (statefp)
join staging.county using (statefp, countyfp);

-- An edge stands once for each of its names, and lies in the county of its faces.
create table staging.edge as
select distinct on (addrfeat.tlid)
    faces.statefp,
    faces.countyfp,
    addrfeat.*
from staging.addrfeat
join staging.faces on faces.tfid = coalesce(addrfeat.tfidl, addrfeat.tfidr)
order by addrfeat.tlid, addrfeat.gid;

-- Without counts of rows the joins below would be planned for empty tables.
analyze;

do $$
declare
    state record;
    tables text[] := '{place,cousub,faces,edges,featnames,addr,zip_state,zip_state_loc,zip_lookup_base}';
    one text;
begin
    for state in select statefp, lower(stusps) as prefix from staging.state loop
        foreach one in array tables loop
            execute format(
                'create table tiger_data.%I (constraint %I check (statefp = %L)) inherits (tiger.%I)',
                state.prefix || '_' || one, 'chk_' || state.prefix || '_' || one, state.statefp, one
            );
        end loop;
        execute format(
            $sql$
            insert into tiger_data.%1$I (statefp, placefp, plcidfp, name, namelsad, lsad, classfp, mtfcc, funcstat, the_geom)
            select statefp, placefp, geoid, name, namelsad, lsad, classfp, mtfcc, funcstat, the_geom
            from staging.place
            where statefp = %2$L
            $sql$, state.prefix || '_place', state.statefp);
        execute format(
            $sql$
            insert into tiger_data.%1$I (statefp, countyfp, cousubfp, cosbidfp, name, namelsad, lsad, classfp, mtfcc, funcstat, the_geom)
            select statefp, countyfp, cousubfp, geoid, name, namelsad, lsad, classfp, mtfcc, funcstat, the_geom
            from staging.cousub
            where statefp = %2$L
            $sql$, state.prefix || '_cousub', state.statefp);
        execute format(
            $sql$
            insert into tiger_data.%1$I (tfid, statefp, countyfp, cousubfp, conctyfp, placefp, lwflag, the_geom)
            select tfid, statefp, countyfp, nullif(cousubfp, ''), nullif(conctyfp, ''), nullif(placefp, ''), lwflag, the_geom
            from staging.faces
            where statefp = %2$L
            $sql$, state.prefix || '_faces', state.statefp);
        execute format(
            $sql$
            insert into tiger_data.%1$I (statefp, countyfp, tlid, tfidl, tfidr, mtfcc, fullname, lfromadd, ltoadd, rfromadd, rtoadd, zipl, zipr, roadflg, the_geom)
            select statefp, countyfp, tlid, tfidl, tfidr, edge_mtfcc, fullname, nullif(lfromhn, ''), nullif(ltohn, ''), nullif(rfromhn, ''), nullif(rtohn, ''),
                nullif(zipl, ''), nullif(zipr, ''), 'Y', the_geom
            from staging.edge
            where statefp = %2$L
            $sql$, state.prefix || '_edges', state.statefp);
        execute format(
            $sql$
            insert into tiger_data.%1$I (statefp, tlid, fullname, name, predirabrv, pretypabrv, suftypabrv, sufdirabrv, linearid, mtfcc, paflag)
            select edge.statefp, named.tlid, named.fullname, parts.name, parts.predirabrv, parts.pretypabrv, parts.suftypabrv, parts.sufdirabrv,
                named.linearid, named.road_mtfcc, case when named.fullname = edge.fullname then 'P' else 'A' end
            from (select distinct on (tlid, fullname) * from staging.addrfeat order by tlid, fullname, gid) as named
            join staging.edge on edge.tlid = named.tlid
            join staging.street_parts as parts on parts.fullname = named.fullname
            where edge.statefp = %2$L
            $sql$, state.prefix || '_featnames', state.statefp);
        execute format(
            $sql$
            insert into tiger_data.%1$I (statefp, tlid, fromhn, tohn, side, zip, arid, mtfcc)
            select distinct edge.statefp, feature.tlid, side.fromhn, side.tohn, side.side, side.zip, side.arid, 'D1000'
            from staging.addrfeat as feature
            join staging.edge on edge.tlid = feature.tlid
            cross join lateral (
                values
                    ('L', feature.lfromhn, feature.ltohn, feature.zipl, feature.aridl),
                    ('R', feature.rfromhn, feature.rtohn, feature.zipr, feature.aridr)
            ) as side (side, fromhn, tohn, zip, arid)
            where edge.statefp = %2$L
              and side.fromhn <> ''
            $sql$, state.prefix || '_addr', state.statefp);
        execute format('create index on tiger_data.%I (least_hn(fromhn, tohn))', state.prefix || '_addr');
        execute format('create index on tiger_data.%I (tlid, statefp)', state.prefix || '_addr');
        execute format('create index on tiger_data.%I (tlid, statefp)', state.prefix || '_featnames');
    end loop;
end
$$;

select install_missing_indexes();
analyze;

do $$
declare
    state record;
begin
    for state in select statefp, lower(stusps) as prefix from staging.state loop
        execute format(
            'insert into tiger_data.%I (zip, stusps, statefp) select distinct zip, %L, %L from staging.zips where state = %2$L',
            state.prefix || '_zip_state', upper(state.prefix), state.statefp);
        -- A ZIP code's places, and the names that mail to it comes under: more than the geocoder's own loader knows.
        execute format(
            $sql$
            insert into tiger_data.%1$I (zip, state, county, city, statefp)
            select distinct range.zip, %2$L, county.name, place.name, %3$L
            from tiger.edges as edge
            join tiger.addr as range on range.tlid = edge.tlid
            join tiger.faces as face on face.tfid = case range.side when 'L' then edge.tfidl else edge.tfidr end
            join tiger.place on place.statefp = face.statefp and place.placefp = face.placefp
            join tiger.county on county.statefp = face.statefp and county.countyfp = face.countyfp
            where edge.statefp = %3$L
            union
            select zip, state, county, city, %3$L
            from staging.zips
            where state = %2$L
            $sql$, state.prefix || '_zip_lookup_base', upper(state.prefix), state.statefp);
        execute format(
            'insert into tiger_data.%I (zip, stusps, statefp, place) select distinct zip, state, statefp, city from tiger_data.%I',
            state.prefix || '_zip_state_loc', state.prefix || '_zip_lookup_base');
    end loop;
end
$$;

vacuum analyze;
