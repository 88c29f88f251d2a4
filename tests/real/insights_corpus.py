"""The corpus of `insights_oracle.py`: each question in the Logs Insights language and in SQL, and whether the order of
rows is part of the answer.

In SQL, `r` has a row a record: stream, message, j (the record as JSON), ts, id, level, service, status, latency, bytes (as
text), b (as a number), uid, uname, tags, ok, ip, path, msg, note.
"""

QUERIES = []


def ask(text, sql, ordered=False):
    QUERIES.append((text, sql, ordered))


# Filters: which records pass. A value that is missing passes no test but its own.
PASS = [
    ("level = 'ERROR'", "level = 'ERROR'"),
    ("level == \"ERROR\"", "level = 'ERROR'"),
    ("level != 'INFO'", "level <> 'INFO'"),
    ("service = '注文'", "service = '注文'"),
    ("status = 404", "status = 404"),
    ("status = '404'", "status = 404"),
    ("status != 200", "status <> 200"),
    ("status >= 500", "status >= 500"),
    ("status < 300 and latency > 2", "status < 300 AND latency > 2"),
    ("status >= 400 or latency > 5", "coalesce(status >= 400, false) OR coalesce(latency > 5, false)"),
    ("not status = 200", "NOT coalesce(status = 200, false)"),
    ("not (status = 200 or level = 'INFO')", "NOT (coalesce(status = 200, false) OR level = 'INFO')"),
    ("!ispresent(status)", "status IS NULL"),
    ("ispresent(latency) and not ispresent(status)", "latency IS NOT NULL AND status IS NULL"),
    ("bytes = 1000", "b = 1000"),
    ("bytes > 2500", "b > 2500"),
    ("bytes in [100, '200', 300]", "b IN (100, 200, 300)"),
    ("status in [404, 500]", "status IN (404, 500)"),
    ("status not in [200, 201]", "status NOT IN (200, 201)"),
    ("level in ['ERROR', 'WARN']", "level IN ('ERROR', 'WARN')"),
    ("level not in ['ERROR', 'WARN']", "level NOT IN ('ERROR', 'WARN')"),
    ("ok", "ok"),
    ("ok = true", "false"),
    ("ok = 1", "ok"),
    ("ok = 'true'", "ok"),
    ("ok = 'false'", "NOT ok"),
    ("ok = 0", "NOT ok"),
    ("user.name = 'Björn'", "uname = 'Björn'"),
    ("user.id > 350", "uid > 350"),
    ("user.tags.0 = 'vip'", "tags[1] = 'vip'"),
    ("user.tags[1] = 'beta'", "tags[2] = 'beta'"),
    ("`user.name` = 'Anna'", "uname = 'Anna'"),
    ("ispresent(user.tags.2)", "len(tags) >= 3"),
    ("note = ''", "note = ''"),
    ("isempty(note)", "note IS NULL OR note = ''"),
    ("isblank(note)", "note IS NULL OR trim(note) = ''"),
    ("note like 'retry'", "contains(note, 'retry')"),
    ("note like /(?i)retry/", "regexp_matches(note, '(?i)retry')"),
    ("note like /^Retry/", "regexp_matches(note, '^Retry')"),
    ("note not like 'retry'", "NOT contains(note, 'retry')"),
    ("note not like /retry/", "NOT regexp_matches(note, 'retry')"),
    ("note =~ /r.try$/", "regexp_matches(note, 'r.try$')"),
    ("path like /^\\/api\\/v[12]\\/orders\\//", "regexp_matches(path, '^/api/v[12]/orders/')"),
    ("@message like 'ERROR'", "contains(message, 'ERROR')"),
    ("@message like /\"id\":\\d*7,/", "regexp_matches(message, '\"id\":\\d*7,')"),
    ("@logStream = 'web-1.log'", "stream = 'web-1.log'"),
    ("@logStream like /^web/", "stream LIKE 'web%'"),
    ("latency * 2 > 7", "latency * 2 > 7"),
    ("latency + 1 < 1.2", "latency + 1 < 1.2"),
    ("latency / status > 0.01", "latency / status > 0.01"),
    ("id % 1000 = 7", "id % 1000 = 7"),
    ("id ^ 2 < 90000", "id * id < 90000"),
    ("-latency < -6", "-latency < -6"),
    ("2 + 3 * id = 302", "2 + 3 * id = 302"),
    ("(2 + 3) * id = 500", "5 * id = 500"),
    ("strlen(service) = 4 # and nothing more", "length(service) = 4"),
    ("strcontains(service, 'a')", "contains(service, 'a')"),
    ("isIpv4InSubnet(ip, '192.0.2.0/25')", "regexp_matches(ip, '^192\\.0\\.2\\.\\d+$') AND TRY_CAST(split_part(ip, '.', 4) AS INT) < 128"),
    ("isIpInSubnet(ip, '2001:db8::/32')", "starts_with(ip, '2001:db8:')"),
    ("isValidIpV6(ip)", "contains(ip, ':')"),
    ("isValidIp(ip) and not isValidIpV4(ip)", "contains(ip, ':')"),
    ("@timestamp >= 1768435200000 and @timestamp < 1768438800000", "ts >= TIMESTAMP '2026-01-15 00:00:00' AND ts < TIMESTAMP '2026-01-15 01:00:00'"),
    ("nothing = 1 or nothing != 1", "false"),
    ("level = 'ERROR' and (status = 500 or status = 503) and ok", "level = 'ERROR' AND status IN (500, 503) AND ok"),
    ("LEVEL = 'ERROR'", "false"),
    ("coalesce(status, 0) = 0", "status IS NULL"),
    ("greatest(latency, status) = status", "status IS NOT NULL AND (latency IS NULL OR latency <= status)"),
    ("tolower(level) = 'warn' AND NOT ok", "level = 'WARN' AND NOT coalesce(ok, false)"),
]
for condition, sql in PASS:
    pipe = "\n" if "#" in condition else " "
    ask(
        f"filter {condition}{pipe}| fields id, @timestamp, service | sort id desc | limit 700",
        f'SELECT id, ts AS "@timestamp", service FROM r WHERE coalesce({sql}, false) ORDER BY id DESC LIMIT 700',
        True,
    )

# Expressions: what they give for each record.
GIVE = [
    ("abs(latency - 1)", "abs(latency - 1)"),
    ("ceil(latency)", "ceil(latency)::BIGINT"),
    ("floor(latency)", "floor(latency)::BIGINT"),
    ("round(latency)", "round(latency)::BIGINT"),
    ("sqrt(latency)", "sqrt(latency)"),
    ("log(latency)", "CASE WHEN latency > 0 THEN ln(latency) END"),
    ("greatest(latency, 1)", "greatest(latency, 1.0)"),
    ("least(latency, bytes)", "least(latency, b)"),
    ("bytes + 1", "b + 1"),
    ("bytes * latency", "b * latency"),
    ("bytes / 0", "NULL"),
    ("bytes % 7", "b % 7"),
    ("latency ^ 2", "latency * latency"),
    ("1 - 2 - id", "-1 - id"),
    ("status = 200", "coalesce(status = 200, false)"),
    ("status", "status"),
    ("bytes", "bytes"),
    ("ok", "ok"),
    ("user.name", "uname"),
    ("user.tags.0", "tags[1]"),
    ("note", "note"),
    ("strlen(user.name)", "length(uname)"),
    ("toupper(user.name)", "upper(uname)"),
    ("tolower(service)", "lower(service)"),
    ("trim(note)", "trim(note)"),
    ("ltrim(note)", "ltrim(note)"),
    ("rtrim(note)", "rtrim(note)"),
    ("ltrim(path, '/api')", "ltrim(path, '/api')"),
    ("concat(service, '/', level)", "service || '/' || level"),
    ("concat(status, '-', note)", "coalesce(CAST(status AS VARCHAR), '') || '-' || coalesce(note, '')"),
    ("substr(service, 1)", "substring(service, 2)"),
    ("substr(path, 5, 2)", "substring(path, 6, 2)"),
    ("replace(path, '/', '.')", "replace(path, '/', '.')"),
    ("strcontains(path, 'users')", "contains(path, 'users')"),
    ("isempty(note)", "note IS NULL OR note = ''"),
    ("isblank(note)", "note IS NULL OR trim(note) = ''"),
    ("ispresent(user.name)", "uname IS NOT NULL"),
    ("coalesce(note, user.name, 'none')", "coalesce(note, uname, 'none')"),
    ("bin(5m)", "time_bucket(INTERVAL '5 minutes', ts, TIMESTAMP '1970-01-01')"),
    ("bin(@timestamp, 7s)", "to_timestamp(floor(epoch(ts) / 7) * 7)::TIMESTAMP"),
    ("datefloor(@timestamp, 1d)", "date_trunc('day', ts)"),
    ("dateceil(@timestamp, 1h)", "date_trunc('hour', ts + INTERVAL '1 hour' - INTERVAL '1 millisecond')"),
    ("datefloor(@timestamp, 1mo)", "date_trunc('month', ts)"),
    ("toMillis(@timestamp)", "epoch_ms(ts)"),
    ("fromMillis(1768435200000 + id)", "make_timestamp((1768435200000 + id) * 1000)"),
    ("isValidIpV4(ip)", "NOT contains(ip, ':')"),
    ("isIpv6InSubnet(ip, '2001:db8::/16')", "contains(ip, ':')"),
    ("jsonStringify(note)", "CAST(to_json(note) AS VARCHAR)"),
    ("ispresent(jsonParse(@message))", "true"),
    ("@logStream", "stream"),
]
for number, (expression, sql) in enumerate(GIVE):
    order = "desc" if number % 2 else "asc"
    ask(
        f"fields id, {expression} as it | sort id {order} | limit 400",
        f"SELECT id, {sql} AS it FROM r ORDER BY id {order} LIMIT 400",
        True,
    )

# Figures of groups.
RANK = "list_sort(list(latency) FILTER (WHERE latency IS NOT NULL))[greatest(1, ceil(count(latency) * {}))::BIGINT]"
FIGURES = [
    ("count(*) as n", "count(*) AS n"),
    ("count(latency) as n, count(note) as m", "count(latency) AS n, count(note) AS m"),
    ("sum(latency) as s, avg(latency) as a", "sum(latency) AS s, avg(latency) AS a"),
    ("min(latency) as least, max(latency) as most", "min(latency) AS least, max(latency) AS most"),
    ("sum(bytes) as s, avg(bytes) as a", "sum(b)::BIGINT AS s, avg(b) AS a"),
    ("max(bytes) - min(bytes) as width", "max(b) - min(b) AS width"),
    ("stddev(latency) as d", "coalesce(stddev_samp(latency), CASE WHEN count(latency) = 1 THEN 0.0 END) AS d"),
    ("pct(latency, 50) as p50, pct(latency, 90) as p90, pct(latency, 99) as p99",
     f"{RANK.format('0.5')} AS p50, {RANK.format('0.9')} AS p90, {RANK.format('0.99')} AS p99"),
    ("median(latency) as m, pct(latency, 0) as p0, pct(latency, 100) as p100",
     f"{RANK.format('0.5')} AS m, min(latency) AS p0, max(latency) AS p100"),
    ("count_distinct(user.id) as n", "count(DISTINCT uid) AS n"),
    ("count_distinct(bytes) as n", "count(DISTINCT bytes) AS n"),
    ("earliest(id) as first, latest(id) as last", "arg_min(id, ts) AS first, arg_max(id, ts) AS last"),
    ("earliest(status) as first, latest(status) as last",
     "arg_min(status, ts) FILTER (WHERE status IS NOT NULL) AS first, arg_max(status, ts) FILTER (WHERE status IS NOT NULL) AS last"),
    ("min(@timestamp) as first, max(@timestamp) as last", "min(ts) AS first, max(ts) AS last"),
    ("sortsFirst(user.name) as first, sortsLast(user.name) as last", "min(uname) AS first, max(uname) AS last"),
    ("sum(status >= 500) / count(*) * 100 as rate", "sum(CASE WHEN status >= 500 THEN 1 ELSE 0 END) / count(*) * 100 AS rate"),
    ("sum(ok) as good", "sum(CASE WHEN ok THEN 1 WHEN NOT ok THEN 0 END)::BIGINT AS good"),
    ("sum(strcontains(path, 'users')) as n", "sum(CASE WHEN contains(path, 'users') THEN 1 ELSE 0 END)::BIGINT AS n"),
    ("ceil(avg(bytes)) as c, avg(latency * 2 + 1) as d", "ceil(avg(b))::BIGINT AS c, avg(latency * 2 + 1) AS d"),
    ("avg(strlen(msg)) as a", "avg(length(msg)) AS a"),
]
GROUPS = [
    ("", "", ""),
    (" by service", "service, ", " GROUP BY service"),
    (" by status", "status, ", " GROUP BY status"),
    (" by bin(1h) as t", "date_trunc('hour', ts) AS t, ", " GROUP BY ALL"),
]
for number, (figure, sql) in enumerate(FIGURES):
    for by, columns, group in (GROUPS[0], GROUPS[1 + number % 3]):
        ask(f"stats {figure}{by}", f"SELECT {columns}{sql} FROM r{group}")

ask("stats count(*) by level, service", 'SELECT level, service, count(*) AS "count(*)" FROM r GROUP BY ALL')
ask("stats count(*) as n by user.name as name, ok", "SELECT uname AS name, ok, count(*) AS n FROM r GROUP BY ALL")
ask("stats count(*) as n by bytes | sort n desc, bytes | limit 20", "SELECT bytes, n FROM (SELECT bytes, count(*) AS n FROM r GROUP BY bytes) ORDER BY n DESC, TRY_CAST(bytes AS BIGINT) NULLS LAST LIMIT 20", True)
ask("stats count(*) as n by note | sort note", "SELECT note, count(*) AS n FROM r GROUP BY ALL ORDER BY note NULLS LAST", True)
ask("stats count(*) as n by note | sort note desc", "SELECT note, count(*) AS n FROM r GROUP BY ALL ORDER BY note DESC NULLS LAST", True)
ask("stats count(*) as n by status | sort status desc", "SELECT status, count(*) AS n FROM r GROUP BY ALL ORDER BY status DESC NULLS LAST", True)
ask("stats count(*) as n by bin(30m)", 'SELECT time_bucket(INTERVAL \'30 minutes\', ts, TIMESTAMP \'1970-01-01\') AS "bin(30m)", count(*) AS n FROM r GROUP BY ALL ORDER BY 1 DESC', True)
ask("stats count(*) as n by service | filter n > 10 | sort n desc, service | limit 3", "SELECT service, count(*) AS n FROM r GROUP BY ALL HAVING count(*) > 10 ORDER BY n DESC, service LIMIT 3", True)
ask("stats count(*) as n by service, level | stats max(n) as most, sum(n) as all, count(*) as levels by service", "SELECT service, max(n) AS most, sum(n)::BIGINT AS all, count(*) AS levels FROM (SELECT service, level, count(*) AS n FROM r GROUP BY ALL) GROUP BY service")
ask("stats avg(latency) as a by bin(1h) as t, service | stats max(a) as worst by t | sort worst desc | limit 5", "SELECT t, max(a) AS worst FROM (SELECT date_trunc('hour', ts) AS t, service, avg(latency) AS a FROM r GROUP BY ALL) GROUP BY t ORDER BY worst DESC LIMIT 5", True)
ask("stats max(latency) as m, min(latency) as l, m - l as range by level", "SELECT level, max(latency) AS m, min(latency) AS l, max(latency) - min(latency) AS range FROM r GROUP BY level")
ask("filter status >= 400 | stats count(*) as n, count_distinct(ip) as ips by status, service | sort n desc, status, service", "SELECT status, service, count(*) AS n, count(DISTINCT ip) AS ips FROM r WHERE status >= 400 GROUP BY ALL ORDER BY n DESC, status, service", True)
ask("filter status = 999 | stats count(*) as n by service", "SELECT service, count(*) AS n FROM r WHERE status = 999 GROUP BY service")
ask("stats count(*) as n by isValidIpV4(ip) as four", "SELECT NOT contains(ip, ':') AS four, count(*) AS n FROM r GROUP BY ALL")
ask("fields status >= 500 as bad | stats count(*) as n by bad", "SELECT coalesce(status >= 500, false) AS bad, count(*) AS n FROM r GROUP BY ALL")
ask("fields latency * 1000 as ms | filter ms > 2500 | stats avg(ms) as a, count(*) as n by level", "SELECT level, avg(latency * 1000) AS a, count(*) AS n FROM r WHERE latency * 1000 > 2500 GROUP BY level")
ask("countFrequent level, status", "SELECT level, status, count(*) AS _approxcount FROM r GROUP BY ALL")

# Order, limits, doubles.
ask("fields id, latency | sort latency desc, id | limit 300", "SELECT id, latency FROM r ORDER BY latency DESC NULLS LAST, id LIMIT 300", True)
ask("fields id, latency | sort latency, id desc | limit 300", "SELECT id, latency FROM r ORDER BY latency ASC NULLS LAST, id DESC LIMIT 300", True)
ask("fields id, bytes | sort bytes desc, id | limit 200", "SELECT id, bytes FROM r ORDER BY b DESC NULLS LAST, id LIMIT 200", True)
ask("fields id, service, level | sort service, level desc, id | limit 500", "SELECT id, service, level FROM r ORDER BY service, level DESC, id LIMIT 500", True)
ask("fields id | limit 50", "SELECT id FROM r ORDER BY ts DESC LIMIT 50", True)
ask("fields @timestamp, id | sort @timestamp asc | limit 50", 'SELECT ts AS "@timestamp", id FROM r ORDER BY ts LIMIT 50', True)
ask("filter id < 50 | display id, level", "SELECT id, level FROM r WHERE id < 50 ORDER BY ts DESC", True)
ask("fields id | sort id | limit 100 | filter id % 2 = 1 | stats count(*) as n", "SELECT 50 AS n")
ask("fields id", "SELECT id FROM r ORDER BY ts DESC LIMIT 10000", True)
ask("sort id desc | dedup service | display id, service", "SELECT max(id) AS id, service FROM r GROUP BY service ORDER BY id DESC", True)
ask("sort id | dedup service, level | display id, service, level", "SELECT min(id) AS id, service, level FROM r GROUP BY service, level ORDER BY id", True)
ask("filter level = 'ERROR' | dedup user.name | fields id, user.name", 'SELECT id, uname AS "user.name" FROM (SELECT *, row_number() OVER (PARTITION BY uname ORDER BY ts DESC) AS place FROM r WHERE level = \'ERROR\') WHERE place = 1 OR uname IS NULL ORDER BY id DESC LIMIT 10000', True)
ask("dedup user.id | limit 500 | fields id, user.id", 'SELECT id, uid AS "user.id" FROM (SELECT *, row_number() OVER (PARTITION BY uid ORDER BY ts DESC) AS place FROM r) WHERE place = 1 OR uid IS NULL ORDER BY id DESC LIMIT 500', True)
ask("fields id, service, status | sort latency desc, id | dedup service, status | limit 20", "SELECT id, service, status FROM (SELECT *, row_number() OVER (PARTITION BY service, status ORDER BY latency DESC NULLS LAST, id) AS place FROM r) WHERE place = 1 OR status IS NULL ORDER BY latency DESC NULLS LAST, id LIMIT 20", True)
ask("dedup user.id, service | stats count(*) as n by ispresent(user.id) as known", "SELECT CASE WHEN uid IS NULL THEN '0' ELSE '1' END AS known, count(*) AS n FROM (SELECT *, row_number() OVER (PARTITION BY uid, service ORDER BY ts DESC) AS place FROM r) WHERE place = 1 OR uid IS NULL GROUP BY known")

# Tables to look things up in.
ask("lookup teams service, level OUTPUT team, floor | filter ispresent(team) | stats count(*) as n by team, floor", "SELECT team, floor, count(*) AS n FROM r JOIN teams USING (service, level) GROUP BY ALL")
ask("filter id < 300 | lookup teams service as service, level as level OUTPUT team | display id, team | sort id", "SELECT id, team FROM r LEFT JOIN teams USING (service, level) WHERE id < 300 ORDER BY id", True)
ask("lookup teams service OUTPUT level | stats count(*) as n by level", "SELECT coalesce(t.level, r.level) AS level, count(*) AS n FROM r LEFT JOIN teams t USING (service) GROUP BY ALL")

# Parsing.
ask("parse msg 'user=*, method:*, took := *' as who, how, took | stats count(*) as n, avg(took) as a by how", "SELECT regexp_extract(msg, 'method:(\\w+)', 1) AS how, count(*) AS n, avg(CAST(regexp_extract(msg, ':= (\\d+)', 1) AS INT)) AS a FROM r GROUP BY how")
ask("parse msg /user=(?<who>[a-f])(?<digit>\\d)/ | stats count(*) as n by who, digit", "SELECT regexp_extract(msg, 'user=([a-f])', 1) AS who, regexp_extract(msg, 'user=[a-f](\\d)', 1) AS digit, count(*) AS n FROM r GROUP BY ALL")
ask("parse path '/api/*/*/*' as version, thing, number | filter number > 990 | display id, version, thing, number | sort id | limit 200", "SELECT id, split_part(path, '/', 3) AS version, split_part(path, '/', 4) AS thing, split_part(path, '/', 5) AS number FROM r WHERE CAST(split_part(path, '/', 5) AS INT) > 990 ORDER BY id LIMIT 200", True)
ask("parse note 'retry*' as rest | stats count(rest) as n, count(*) as all", "SELECT sum(CASE WHEN contains(note, 'retry') THEN 1 ELSE 0 END)::BIGINT AS n, count(*) AS all FROM r")
ask("parse @message 'Retry later' as found | stats count(found) as n", "SELECT sum(CASE WHEN contains(message, 'Retry later') THEN 1 ELSE 0 END)::BIGINT AS n FROM r")
ask("parse path /(?<part>[a-z0-9]+)/ multi | filter id < 200 | display id, part", "SELECT id, unnest(regexp_extract_all(path, '[a-z0-9]+')) AS part FROM r WHERE id < 200")
ask("parse @logStream '*.*' as name, ending | stats count(*) as n by name, ending", "SELECT regexp_extract(stream, '^([^.]*)\\.', 1) AS name, regexp_extract(stream, '^[^.]*\\.(.*)$', 1) AS ending, count(*) AS n FROM r GROUP BY ALL")

# Maps and lists.
ask("fields jsonParse(@message) as j | unnest j.user.tags into tag | filter ispresent(tag) | stats count(*) as n by tag", "SELECT tag, count(*) AS n FROM (SELECT unnest(tags) AS tag FROM r) GROUP BY tag")
ask("fields jsonParse(@message) as j | filter id < 300 | unnest j.user.tags into tag | display id, tag", "SELECT id, unnest(CASE WHEN tags IS NULL THEN [NULL] ELSE tags END) AS tag FROM r WHERE id < 300")
ask("fields jsonParse(@message) as j | filter id < 300 | display id, j.user.name, j.user[\"id\"]", 'SELECT id, uname AS "j.user.name", uid AS "j.user[""id""]" FROM r WHERE id < 300'.replace('j.user[""id""]', "j.user.id"))
ask("fields jsonStringify(jsonParse(@message)) = @message as whole | stats sum(whole) > 0 as some", "SELECT true AS some")

# Series.
ask("filter id < 400 | fields id, bytes | sort id | accum bytes as total | display id, total", "SELECT id, sum(coalesce(b, 0)) OVER (ORDER BY id)::BIGINT AS total FROM r WHERE id < 400 ORDER BY id", True)
ask("filter id < 400 | fields id | sort id | autoregress id p=1-2 | display id, id_p1, id_p2", "SELECT id, lag(id) OVER (ORDER BY id) AS id_p1, lag(id, 2) OVER (ORDER BY id) AS id_p2 FROM r WHERE id < 400 ORDER BY id", True)
ask("filter id < 400 | fields id, status | sort id | filldown status", "SELECT id, last_value(status IGNORE NULLS) OVER (ORDER BY id) AS status FROM r WHERE id < 400 ORDER BY id", True)
ask("stats count(*) as n, sum(bytes) as s by level | addtotals fieldname=both n, s", "SELECT level, count(*) AS n, sum(b)::BIGINT AS s, (count(*) + sum(b))::BIGINT AS both FROM r GROUP BY level")
ask("filter id % 5000 = 0 | stats count(*) as n by bin(1h) as t | fillmissing with 0 for n", "WITH c AS (SELECT date_trunc('hour', ts) AS t, count(*) AS n FROM r WHERE id % 5000 = 0 GROUP BY t) SELECT g.t, coalesce(c.n, 0) AS n FROM (SELECT unnest(generate_series((SELECT min(t) FROM c), (SELECT max(t) FROM c), INTERVAL '1 hour')) AS t) g LEFT JOIN c ON c.t = g.t ORDER BY g.t DESC", True)
ask("filter user.id < 20 | sessionize user.id maxspan 10m as s | stats count(*) as n by s, user.id | stats count(*) as sessions, sum(n) as all by user.id", 'SELECT uid AS "user.id", sum(new)::BIGINT AS sessions, count(*) AS all FROM (SELECT uid, CASE WHEN ts - lag(ts) OVER (PARTITION BY uid ORDER BY ts) <= INTERVAL \'10 minutes\' THEN 0 ELSE 1 END AS new FROM r WHERE uid < 20) GROUP BY uid')
ask("filterIndex level = 'ERROR' | unmask @message | stats count(*) as n", "SELECT count(*) AS n FROM r WHERE level = 'ERROR'")

# Queries in parentheses: the streams that they name belong to them, the others to the query around them.
ask("filter user.id in (SOURCE 'web-1.log' | filter status = 503 and user.id < 40 | fields user.id) | stats count(*) as n by user.id", 'SELECT uid AS "user.id", count(*) AS n FROM r WHERE stream <> \'web-1.log\' AND uid IN (SELECT uid FROM r WHERE stream = \'web-1.log\' AND status = 503 AND uid < 40) GROUP BY uid')
ask("filter id < 900 and ip not in (SOURCE 'worker.log.gz' | fields ip) | fields id, ip | sort id", "SELECT id, ip FROM r WHERE id < 900 AND stream <> 'worker.log.gz' AND ip NOT IN (SELECT ip FROM r WHERE stream = 'worker.log.gz') ORDER BY id", True)
ask("filter id < 500 | join type=inner left=a right=b where a.user.id=b.user.id (SOURCE 'web-2.log' | filter level = 'ERROR') | fields a.id, b.id, b.latency", 'SELECT a.id AS "a.id", b.id AS "b.id", b.latency AS "b.latency" FROM r a JOIN r b ON a.uid = b.uid WHERE a.id < 500 AND a.stream <> \'web-2.log\' AND b.stream = \'web-2.log\' AND b.level = \'ERROR\'')
ask("filter id < 300 | join type=left left=a right=b where a.user.name=b.name (SOURCE 'größe.log' | stats count(*) as n by user.name as name) | display a.id, b.n | sort a.id", 'SELECT a.id AS "a.id", b.n AS "b.n" FROM r a LEFT JOIN (SELECT uname AS name, count(*) AS n FROM r WHERE stream = \'größe.log\' GROUP BY uname) b ON a.uname = b.name WHERE a.id < 300 AND a.stream <> \'größe.log\' ORDER BY a.id', True)
