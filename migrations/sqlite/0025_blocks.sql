-- Whether the sealed fields hold the side of the block: a newer pack is asked about that where no address is kept.
alter table signature
add column has_block integer not null default 0;
