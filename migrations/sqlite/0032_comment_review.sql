-- What a reviewer says of a comment: only one that was passed is shown to officials and on pages.
alter table signature
add column comment_review text;

alter table signature
add column comment_reviewed_by text;

update signature
set comment_review = 'unseen'
where sealed_comment is not null;

-- A constraint comes with a column here, and may speak of all of them.
alter table signature
add column comment_reviewed_at integer
constraint signature_comment_review check (
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

-- Other words are looked at anew.
create trigger signature_comment_changed
after update of sealed_comment on signature
when old.sealed_comment <> new.sealed_comment
begin
  update signature
  set comment_review = 'unseen', comment_reviewed_by = null, comment_reviewed_at = null
  where id = new.id;
end;
