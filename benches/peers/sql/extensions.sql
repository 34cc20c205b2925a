-- The geocoder and the tables that the sample's files go into first.
create extension postgis;
create extension fuzzystrmatch;
create extension postgis_tiger_geocoder;
alter database peers set search_path = public, tiger;

create schema staging;

create table staging.street_parts (
    fullname text primary key,
    predirabrv text,
    pretypabrv text,
    name text not null,
    suftypabrv text,
    sufdirabrv text
);

create table staging.zips (
    zip text not null,
    city text not null,
    state text not null,
    county text not null,
    county_fips3 text not null,
    lat double precision,
    lon double precision
);

create table staging.districts (
    place_geoid text not null,
    district text not null,
    shape text not null
);
