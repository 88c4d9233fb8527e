-- The words of records. `words` is what the other engine keeps; the set of them is what is asked.

-- sharded, derived: the words by which a record is found (domain/search.h), blank between.
CREATE TABLE search (
    shard BIGINT NOT NULL,
    id BIGINT NOT NULL,
    words TEXT NOT NULL,
    word_set TSVECTOR NOT NULL GENERATED ALWAYS AS
        (array_to_tsvector(array_remove(string_to_array(words, ' '), ''))) STORED,
    PRIMARY KEY (shard, id)
) /* clustered */;
CREATE INDEX search_words ON search USING gin (word_set);
