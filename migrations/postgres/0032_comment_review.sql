-- What a reviewer says of a comment: only one that was passed is shown to officials and on pages.
alter table signature
add column comment_review text,
add column comment_reviewed_by text,
add column comment_reviewed_at timestamptz;

update signature
set comment_review = 'unseen'
where sealed_comment is not null;

alter table signature
add constraint signature_comment_review check (
  (comment_review is null) = (sealed_comment is null)
  and comment_review in ('unseen', 'passed', 'refused')
  and (comment_reviewed_by is null) = (comment_reviewed_at is null)
  and (comment_reviewed_at is not null) = (comment_review is not null and comment_review <> 'unseen')
);

-- Of comments that may be asked for alone: those that their signers agreed to show, of signatures that count.
create index signature_comment
on signature (petition_id, comment_review, id)
where comment_review is not null
and shares_comment
and state = 'confirmed';

create function signature_comment_changed()
returns trigger
language plpgsql
as $$
begin
  new.comment_review := 'unseen';
  new.comment_reviewed_by := null;
  new.comment_reviewed_at := null;
  return new;
end;
$$;

-- Other words are looked at anew.
create trigger signature_comment_changed
before update of sealed_comment on signature
for each row
when (old.sealed_comment <> new.sealed_comment)
execute function signature_comment_changed();
