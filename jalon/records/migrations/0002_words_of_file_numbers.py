"""The number that a house gives a stay is one more word that finds the person, and the database writes it.

The number as one word, and each of its parts but a year: « 2024-0153 » is found typed whole, without its
hyphen, or by « 0153 ».
"""

import importlib

from django.db import migrations

WORDS_KEPT = importlib.import_module("jalon.people.migrations.0005_words_kept")

NUMBER_WORDS = r"""
CREATE FUNCTION people_number_words(number text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  WITH said AS (SELECT lower(translate(
    number, 'ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜàâäçéèêëîïôöùûü', 'AAACEEEEIIOOUUUaaaceeeeiioouuu'
  )) AS folded)
  SELECT word FROM (
    SELECT regexp_replace(folded, '[^[:alnum:]]', '', 'g') FROM said
    UNION
    SELECT regexp_split_to_table(folded, '[^[:alnum:]]+') FROM said
  ) AS split(word)
  WHERE word !~ '^((19|20)\d\d)?$'
$$;
"""

# The person first: a few people changed are not looked for among all the stays.
NUMBERED = """
INSERT INTO people_nameword (managing_body_id, person, word, birth_date)
SELECT one.managing_body_id, one.id, people_number_words(stay.file_number), one.birth_date
FROM {people} AS one
JOIN records_record AS record ON record.managing_body_id = one.managing_body_id AND record.person_id = one.id
JOIN {stays} AS stay ON stay.managing_body_id = record.managing_body_id AND stay.record_id = record.id
WHERE stay.file_number <> ''
ON CONFLICT DO NOTHING;
"""

# Whose stays these were: their words are written again, since a number may share one with a name.
OF_STAYS = """(
  SELECT person.* FROM people_person AS person
  WHERE (person.managing_body_id, person.id) IN (
    SELECT record.managing_body_id, record.person_id FROM {stays} AS stay
    JOIN records_record AS record
      ON record.managing_body_id = stay.managing_body_id AND record.id = stay.record_id
    WHERE stay.file_number <> ''
  )
)"""
REMOVED_WORDS = """
DELETE FROM people_nameword AS word USING {people} AS one
WHERE word.managing_body_id = one.managing_body_id AND word.person = one.id;
"""
NAMES_AGAIN = REMOVED_WORDS + WORDS_KEPT.ADDED
AGAIN = NAMES_AGAIN + NUMBERED.replace("{stays}", "records_stay")

PEOPLE_CHANGED = """
CREATE OR REPLACE FUNCTION people_words_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM written JOIN former USING (id)
    WHERE (written.name_key, written.birth_date, written.key)
      IS DISTINCT FROM (former.name_key, former.birth_date, former.key)
  ) THEN
    RETURN NULL;
  END IF;
  {again}
  RETURN NULL;
END $$;
"""

TRIGGERS = f"""
CREATE FUNCTION people_numbers_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  {NUMBERED.format(people="people_person", stays="written")}
  RETURN NULL;
END $$;
CREATE FUNCTION people_numbers_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM written JOIN former USING (id)
    WHERE (written.file_number, written.record_id) IS DISTINCT FROM (former.file_number, former.record_id)
  ) THEN
    RETURN NULL;
  END IF;
  {AGAIN.format(people=OF_STAYS.format(stays="former"))}
  {NUMBERED.format(people="people_person", stays="written")}
  RETURN NULL;
END $$;
CREATE FUNCTION people_numbers_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  {AGAIN.format(people=OF_STAYS.format(stays="former"))}
  RETURN NULL;
END $$;
CREATE TRIGGER people_numbers_added AFTER INSERT ON records_stay
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION people_numbers_added();
CREATE TRIGGER people_numbers_changed AFTER UPDATE ON records_stay
  REFERENCING OLD TABLE AS former NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION people_numbers_changed();
CREATE TRIGGER people_numbers_removed AFTER DELETE ON records_stay
  REFERENCING OLD TABLE AS former FOR EACH STATEMENT EXECUTE FUNCTION people_numbers_removed();
-- Also where a large load leaves the other triggers out, as for the words of names.
ALTER TABLE records_stay ENABLE ALWAYS TRIGGER people_numbers_added;
ALTER TABLE records_stay ENABLE ALWAYS TRIGGER people_numbers_changed;
ALTER TABLE records_stay ENABLE ALWAYS TRIGGER people_numbers_removed;
"""

REMOVED = f"""
DROP TRIGGER people_numbers_added ON records_stay;
DROP TRIGGER people_numbers_changed ON records_stay;
DROP TRIGGER people_numbers_removed ON records_stay;
DROP FUNCTION people_numbers_added, people_numbers_changed, people_numbers_removed, people_number_words;
{PEOPLE_CHANGED.format(again=NAMES_AGAIN.format(people="written"))}
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0007_photo_of_a_person"), ("records", "0001_initial")]
    operations = [
        migrations.RunSQL(
            NUMBER_WORDS + PEOPLE_CHANGED.format(again=AGAIN.format(people="written")) + TRIGGERS, REMOVED
        )
    ]
