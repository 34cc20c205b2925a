-- What time moves is looked for before letters are claimed: each kind by an index of its own, however many letters there have been.
create index delivery_resting
on delivery (due_at)
where state in ('deferred', 'bounced_soft');

create index delivery_tried
on delivery (tried_at)
where state = 'deferred' and tried_at is not null;

create index delivery_held
on delivery (changed_at)
where state = 'held';
