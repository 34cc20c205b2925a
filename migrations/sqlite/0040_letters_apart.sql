-- A row is written anew whenever anything in it changes, so the long text of a letter has one of its own.
create table delivery_letter (
  delivery_id blob not null primary key,
  -- Subject, text, HTML and the page to print, sealed for the delivery.
  sealed blob not null,
  constraint delivery_letter_delivery_exists foreign key (delivery_id) references delivery (id)
) strict;

insert into delivery_letter (delivery_id, sealed)
select id, sealed_letter
from delivery;

alter table delivery drop column sealed_letter;
