-- Questions and answers, and the loop that asks one after the other on one connection.
create table peers.question (
    turn integer primary key,
    id text not null,
    address text not null
);

create table peers.answer (
    turn integer primary key references peers.question,
    id text not null,
    rating integer,
    place_geoid text,
    district text,
    failure text,
    milliseconds double precision not null
);

-- Asks on from the last question answered, so many questions and so many seconds at most; returns how many were answered and in how many
-- seconds. It runs inside the server, so that no client and no connection is in the measure.
create function peers.ask(most integer, seconds double precision) returns table (answered integer, took double precision)
language plpgsql as $$
declare
    begun timestamptz := clock_timestamp();
    asked timestamptz;
    question peers.question;
    score integer;
    spot geometry;
    place text;
    ward text;
    failure text;
begin
    answered := 0;
    for question in
        select *
        from peers.question
        where turn > coalesce((select max(turn) from peers.answer), 0)
        order by turn
        limit most
    loop
        asked := clock_timestamp();
        exit when extract(epoch from asked - begun) >= seconds;
        score := null;
        place := null;
        ward := null;
        failure := null;
        begin
            select geocoded.rating, geocoded.geomout
            into score, spot
            from geocode(question.address, 1) as geocoded;
            select geoid
            into place
            from peers.government
            where st_contains(the_geom, spot)
            order by turn
            limit 1;
            -- Districts may reach past the city: being in one does not prove being in the city, so the city comes first.
            select district
            into ward
            from peers.district
            where place_geoid = place
              and st_contains(the_geom, spot)
            limit 1;
        exception when others then
            failure := sqlstate;
        end;
        insert into peers.answer
        values (
            question.turn, question.id, score, place, ward, failure,
            extract(epoch from clock_timestamp() - asked) * 1000
        );
        answered := answered + 1;
    end loop;
    took := extract(epoch from clock_timestamp() - begun);
    return next;
end
$$;
