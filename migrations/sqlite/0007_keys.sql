-- Wrapped petition keys lie in a file beside the database, which ordinary backups leave out.
select 1;
