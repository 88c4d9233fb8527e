-- The words of records. An operator notices that the database is a tenth larger, and that the first
-- `chithi init` after this one reads every record once.

-- sharded, derived: the words by which a record is found (domain/search.h), blank between, in one
-- row under the record's id. The words are folded already, so that the tokenizer has nothing to do
-- but cut them; `_` begins the word that says whose record it is. Neither places nor lengths are
-- kept: a word is there or not. Beginnings of up to five letters have an index of their own, which
-- is most of a syllable: else such a question would join the lists of all words that begin so, which
-- took a hundred times as long.
CREATE VIRTUAL TABLE search USING fts5(words, shard UNINDEXED,
    tokenize = "ascii tokenchars '_'", detail = none, columnsize = 0, prefix = '1 2 3 4 5');

-- Words are gathered in so many bytes of memory before they are written: an import writes fewer
-- and larger pieces, which need less merging.
INSERT INTO search (search, rank) VALUES ('hashsize', 4000000);

-- What the index holds, word by word, for the check.
CREATE VIRTUAL TABLE search_word USING fts5vocab(search, instance);
