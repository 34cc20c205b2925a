-- Letters that were too large as they were, until one without attachments takes their place.
create index delivery_too_large
on delivery (id)
where state = 'too_large' and variant = 'letter';

-- What a server further on said of the size of a letter, in a bounce.
create index delivery_event_too_large
on delivery_event (delivery_id)
where kind = 'rejected' and status in ('5.3.4', '5.2.3');

-- Letters that are presumed delivered once nothing has come back.
create index delivery_accepted
on delivery (accepted_at)
where state = 'accepted';
