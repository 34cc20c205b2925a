-- What was withdrawn or refused is erased after the petition's retention, whether a batch ever held it or not.
create index signature_ended
on signature (petition_id, signed_at)
where state in ('withdrawn', 'rejected');
