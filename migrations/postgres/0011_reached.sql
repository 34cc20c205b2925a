-- Pages tell how many offices of each place a letter has reached, of thousands of places at once.
create index delivery_reached
on delivery (petition_id, geoid, post_id)
where state in ('accepted', 'presumed_delivered', 'delivered_by_hand');
