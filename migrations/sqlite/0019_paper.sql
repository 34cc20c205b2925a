-- A sheet of paper that is imported again is known by its reference, also when its signer was erased.
create index signature_paper
on signature (petition_id, sheet)
where sheet is not null;
