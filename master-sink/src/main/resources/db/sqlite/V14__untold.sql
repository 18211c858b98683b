-- Whether a camera said that it stops, and hung up: a master that starts does not wait for it.
ALTER TABLE cameras ADD COLUMN has_left INTEGER NOT NULL DEFAULT 0;
-- When people are to be told what became of an incident; nothing once they were.
ALTER TABLE incidents ADD COLUMN untold_us INTEGER;
CREATE INDEX incidents_untold ON incidents (untold_us) WHERE untold_us IS NOT NULL;
