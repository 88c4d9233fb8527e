-- The audit: its rows, their seals, and who asks for them.

-- name: audit_insert
-- gathered
-- Bound by place.
INSERT INTO audit (shard, id, at, actor, action, subject, version, detail, salt)
VALUES (:shard, :id, :at, :actor, :action, :subject, :version, :detail, :salt);

-- name: audit_wait_insert
-- gathered
-- Bound by place.
INSERT INTO audit_wait (shard, id) VALUES (:shard, :id);

-- name: audit_waits
SELECT id FROM audit_wait WHERE shard = :shard ORDER BY id LIMIT 1;

-- name: audit_wait_take
-- What is taken out was committed with its rows: a later statement sees them.
DELETE FROM audit_wait WHERE shard = :shard RETURNING id;

-- name: audit_head_get
SELECT n, digest FROM audit_head WHERE shard = :shard;

-- name: audit_head_for_change
-- Locked, where others write beside.
SELECT n, digest FROM audit_head WHERE shard = :shard;

-- name: audit_head_put
INSERT INTO audit_head (shard, n, digest) VALUES (:shard, :n, :digest)
ON CONFLICT (shard) DO UPDATE SET n = excluded.n, digest = excluded.digest;

-- name: audit_seal_insert
INSERT INTO audit_seal (shard, n, at, first_id, last_id, members, digest)
VALUES (:shard, :n, :at, :first, :last, :members, :digest);

-- name: audit_seal_since
-- Which rows from an id on have their seal already.
SELECT members FROM audit_seal WHERE shard = :shard AND last_id >= :from;

-- name: audit_from
-- To seal: the columns that audit_row_digest reads.
SELECT id, at, actor, action, subject, version, detail, salt FROM audit
WHERE shard = :shard AND id >= :from ORDER BY id LIMIT :limit;

-- name: audit_all
-- long
-- To verify: the columns that audit_row_digest reads.
SELECT id, at, actor, action, subject, version, detail, salt FROM audit
WHERE shard = :shard ORDER BY id;

-- name: audit_seal_all
-- long
SELECT n, at, first_id, last_id, members, digest FROM audit_seal WHERE shard = :shard ORDER BY n;

-- name: audit_seal_by_first
-- long
SELECT members, n FROM audit_seal WHERE shard = :shard ORDER BY first_id, n;

-- name: audit_seal_last
SELECT n, digest, (SELECT COUNT(*) FROM audit_seal c WHERE c.shard = :shard)
FROM audit_seal WHERE shard = :shard ORDER BY n DESC LIMIT 1;

-- name: audit_seal_find
-- Is a digest that somebody has written down that of a seal?
SELECT n FROM audit_seal WHERE shard = :shard AND digest = :digest;

-- name: audit_list
-- long
-- Rows of a shard, the newest first: by time, and what is not -1, '' or 0 of the others.
-- out: id, at, actor, login, label, action, subject, version, the code of a record, of a person, the
-- login of an account, detail
SELECT a.id, a.at, a.actor, w.login, w.label, a.action, a.subject, a.version, r.code, p.code, s.login,
    a.detail
FROM audit a
LEFT JOIN account w ON w.id = a.actor
LEFT JOIN record r ON r.shard = a.shard AND r.id = a.subject
LEFT JOIN person p ON p.shard = a.shard AND p.id = a.subject
LEFT JOIN account s ON s.id = a.subject
WHERE a.shard = :shard AND a.at >= :since AND a.at < :until
    AND (a.actor = :actor OR :actor < 0)
    AND (a.action = :action OR :action = '')
    AND (a.subject = :subject OR :subject < 0)
    AND (EXISTS (SELECT 1 FROM role_grant g WHERE g.unit = :unit AND g.account = a.actor
        AND (a.at + :zone) / :day BETWEEN g.from_day AND g.to_day) OR :unit = 0)
ORDER BY a.id DESC LIMIT :limit;

-- name: audit_reads
-- Who was shown a person, but for one account. out: as audit_list
SELECT a.id, a.at, a.actor, w.login, w.label, a.action, a.subject, a.version, NULL, NULL, NULL,
    a.detail
FROM audit a LEFT JOIN account w ON w.id = a.actor
WHERE a.shard = :shard AND a.subject = :person AND a.action = 'person.read' AND a.actor <> :account
ORDER BY a.id DESC LIMIT :limit;

-- name: audit_subject
-- What a code means: a record or a person.
SELECT id FROM record WHERE shard = :shard AND code = :code
UNION ALL SELECT id FROM person WHERE shard = :shard AND code = :code;

-- name: audit_shards
-- every shard: to verify, also what was put into a shard that there is not.
SELECT shard FROM audit GROUP BY shard UNION SELECT shard FROM audit_seal GROUP BY shard
UNION SELECT shard FROM audit_head GROUP BY shard ORDER BY 1;

-- name: audit_head_shards
-- every shard: the check.
SELECT shard FROM audit_seal GROUP BY shard UNION SELECT shard FROM audit_head GROUP BY shard
ORDER BY 1;
