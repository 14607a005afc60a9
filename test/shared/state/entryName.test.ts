import { describe, expect, it } from "vitest";
import { entryId } from "../../../shared/state/entryId.ts";
import { entryHost, entryName } from "../../../shared/state/entryName.ts";
import { cookieEntry, database, local, record, session } from "../../support/entries.ts";

const secret = "cAnArY";

describe("an entry's name and identity", () => {
  it.each([
    [cookieEntry({ domain: ".example.com", name: "sid", value: secret }), { kind: "cookie", domain: ".example.com", name: "sid" }],
    [local("token", secret, "http://localhost:3000"), { kind: "local", domain: "localhost", name: "token" }],
    [session("token", secret), { kind: "session", domain: "app.example.com", name: "token" }],
    [database("db", [secret]), { kind: "database", domain: "app.example.com", name: "db" }],
    [record("db", "users", "name@example.com", secret), { kind: "record", domain: "app.example.com", name: "db/users" }],
  ])("say what it is, never what it holds (%#)", (entry, name) => {
    expect(entryName(entry)).toEqual(name);
    expect(entryHost(entry)).toBe(name.domain);
    expect(JSON.stringify([entryName(entry), entryId(entry)])).not.toContain(secret);
    expect(entryId(entryId(entry))).toEqual(entryId(entry));
  });
});
