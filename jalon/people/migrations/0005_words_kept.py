"""The database writes the words that find a person, and the spellings near them, whoever writes the person.

`people_sound` is a key of ours, after those that French registries use (Soundex 2 and Phonex of Frédéric
Brouard): what is written otherwise and said alike in French, a consonant that nobody hears at the end left out.
"""

from django.db import migrations

# « le goff » is also typed « legoff »: what is joined to the name that follows it.
PARTICLES = (
    "d l de du des la le les el al ben bou van von der den ten da das do dos di del mac mc o st ste saint sainte"
)

WORDS = f"""
CREATE FUNCTION people_words(name_key text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  WITH said AS (
    SELECT word, lead(word) OVER (ORDER BY rank) AS following
    FROM unnest(string_to_array(name_key, ' ')) WITH ORDINALITY AS split(word, rank)
  )
  SELECT word FROM said WHERE word <> ''
  UNION
  SELECT word || following FROM said
  WHERE following <> '' AND word = ANY(string_to_array('{PARTICLES}', ' '))
$$;
"""

SOUND = """
CREATE FUNCTION people_sound(word text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  word := replace(replace(replace(word, 'sch', 'x'), 'ch', 'x'), 'sh', 'x');
  word := replace(translate(replace(word, 'ph', 'f'), 'ywz', 'ivs'), 'h', '');
  word := regexp_replace(word, '(eau|au|o)l?[tdx]?s?$', 'o');
  word := regexp_replace(word, '(?<=..)[tdsxpe]+$', '');
  word := regexp_replace(word, 'e?au', 'o', 'g');
  word := regexp_replace(word, '(qu|q|ck|cc?(?![eis]))', 'k', 'g');
  word := regexp_replace(word, 'gu?(?=[ei])', 'j', 'g');
  word := replace(replace(word, 'sc', 's'), 'c', 's');
  word := regexp_replace(word, '[ae][iy]', 'e', 'g');
  word := regexp_replace(word, 'e([mn])(?![aeiou])', 'a\\1', 'g');
  word := regexp_replace(word, 'm(?=[bp])', 'n', 'g');
  RETURN regexp_replace(word, '(.)\\1+', '\\1', 'g');
END $$;
"""

KEYS = """
CREATE FUNCTION people_name_keys(word text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT word
  UNION
  SELECT overlay(word PLACING '' FROM place FOR 1) FROM generate_series(1, length(word)) AS place
  WHERE length(word) > 2
  UNION
  SELECT '~' || people_sound(word) WHERE length(word) > 2
$$;
"""

ADDED = """
INSERT INTO people_nameword (managing_body_id, person, word, birth_date)
SELECT managing_body_id, id, said.word, birth_date FROM {people} AS one, LATERAL (
  SELECT people_words(name_key) AS word
  UNION
  SELECT word FROM regexp_split_to_table(lower(split_part(key, '/', 2)), '[^[:alnum:]]+') AS word
  WHERE word <> ''
) AS said
ON CONFLICT DO NOTHING;
INSERT INTO people_namekey (managing_body_id, key, word)
SELECT managing_body_id, people_name_keys(word), word FROM (
  SELECT DISTINCT managing_body_id, people_words(name_key) AS word FROM {people} AS one
) AS said
WHERE NOT EXISTS (
  SELECT FROM people_namekey AS known
  WHERE known.managing_body_id = said.managing_body_id AND known.key = said.word AND known.word = said.word
)
ORDER BY 1, 3, 2
ON CONFLICT DO NOTHING;
"""

TRIGGERS = f"""
CREATE FUNCTION people_words_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  {ADDED.format(people="written")}
  RETURN NULL;
END $$;
CREATE FUNCTION people_words_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM written JOIN former USING (id)
    WHERE (written.name_key, written.birth_date, written.key)
      IS DISTINCT FROM (former.name_key, former.birth_date, former.key)
  ) THEN
    RETURN NULL;
  END IF;
  DELETE FROM people_nameword AS word USING former
  WHERE word.managing_body_id = former.managing_body_id AND word.person = former.id;
  {ADDED.format(people="written")}
  RETURN NULL;
END $$;
CREATE FUNCTION people_words_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM people_nameword AS word USING former
  WHERE word.managing_body_id = former.managing_body_id AND word.person = former.id;
  RETURN NULL;
END $$;
CREATE TRIGGER people_words_added AFTER INSERT ON people_person
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION people_words_added();
CREATE TRIGGER people_words_changed AFTER UPDATE ON people_person
  REFERENCING OLD TABLE AS former NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION people_words_changed();
CREATE TRIGGER people_words_removed AFTER DELETE ON people_person
  REFERENCING OLD TABLE AS former FOR EACH STATEMENT EXECUTE FUNCTION people_words_removed();
-- Also where a large load leaves the other triggers out: who has no word is found by nobody.
ALTER TABLE people_person ENABLE ALWAYS TRIGGER people_words_added;
ALTER TABLE people_person ENABLE ALWAYS TRIGGER people_words_changed;
ALTER TABLE people_person ENABLE ALWAYS TRIGGER people_words_removed;
"""

REMOVED = """
DROP TRIGGER people_words_added ON people_person;
DROP TRIGGER people_words_changed ON people_person;
DROP TRIGGER people_words_removed ON people_person;
DROP FUNCTION people_words_added, people_words_changed, people_words_removed;
DROP FUNCTION people_name_keys, people_sound, people_words;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0004_words_of_names")]
    operations = [migrations.RunSQL(WORDS + SOUND + KEYS + TRIGGERS, REMOVED)]
