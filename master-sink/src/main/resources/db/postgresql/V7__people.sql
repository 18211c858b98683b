-- People: "password" is an Argon2id hash with its parameters; "name_key" is the name as it is compared.
CREATE TABLE people (
  id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  name       TEXT NOT NULL,
  name_key   TEXT COLLATE "C" NOT NULL UNIQUE,
  role       TEXT COLLATE "C" NOT NULL,
  password   TEXT NOT NULL,
  created_us BIGINT NOT NULL
);

-- Who is signed in: "hash" is SHA-256 of what the cookie holds; "person" is '' for who came by the sign-in link.
CREATE TABLE sessions (
  hash       TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  person     TEXT COLLATE "C" NOT NULL,
  created_us BIGINT NOT NULL,
  used_us    BIGINT NOT NULL,
  expires_us BIGINT NOT NULL,
  browser    TEXT NOT NULL,
  address    TEXT NOT NULL
);
CREATE INDEX sessions_by_person ON sessions (person, used_us);

-- Who may join: "hash" is SHA-256 of what the link holds, which is good once.
CREATE TABLE invitations (
  hash       TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  role       TEXT COLLATE "C" NOT NULL,
  inviter    TEXT NOT NULL,
  created_us BIGINT NOT NULL,
  expires_us BIGINT NOT NULL
);

-- Who did what; only added to. "hash" is SHA-256 of the hash before it and of this row.
CREATE TABLE audit (
  number  BIGINT NOT NULL PRIMARY KEY,
  at_us   BIGINT NOT NULL,
  who     TEXT NOT NULL,
  address TEXT NOT NULL,
  action  TEXT NOT NULL,
  detail  TEXT NOT NULL,
  hash    TEXT NOT NULL
);
