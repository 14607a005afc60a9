import { randomBytes } from "node:crypto";
import { chmod, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Duplex } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type AuthOptions, authenticate, readOrMakeToken, readToken } from "../../../native-host/host/localAuth.ts";
import { type Home, homeFrom } from "../../../native-host/home.ts";

/** Two streams, what one writes the other reads, in the sizes the writer chose. */
function duplexPair(): [Duplex, Duplex] {
  const make = (other: () => Duplex): Duplex =>
    new Duplex({
      read: () => undefined,
      write(bytes: Buffer, _encoding, done) {
        other().push(bytes);
        done();
      },
      final(done) {
        other().push(null);
        done();
      },
      destroy(error, done) {
        other().push(null);
        done(error);
      },
    });
  const left: Duplex = make(() => right);
  const right: Duplex = make(() => left);
  return [left, right];
}

const token = randomBytes(32);
const client: AuthOptions = { role: "client", token, context: "here" };
const server: AuthOptions = { role: "server", token, context: "here" };

describe("the proof", () => {
  it("lets both ends in that know the token, and leaves what follows in the stream", async () => {
    const [left, right] = duplexPair();
    const met = Promise.all([authenticate(left, client), authenticate(right, server)]);
    await met;
    left.write("after");
    right.on("data", () => undefined);
    expect(String(await new Promise((resolve) => right.once("data", resolve)))).toBe("after");
  });

  it("takes bytes one by one", async () => {
    const [left, right] = duplexPair();
    const [near, far] = duplexPair();
    for (const [from, to] of [[right, near], [near, right]] as const) from.on("data", (bytes: Buffer) => bytes.forEach((byte) => to.write(Buffer.of(byte))));
    await Promise.all([authenticate(left, client), authenticate(far, server)]);
  });

  const refusals: [string, Partial<AuthOptions>][] = [
    ["another token", { token: randomBytes(32) }],
    ["a proof for another endpoint", { context: "there" }],
  ];
  it.each(refusals)("refuses %s at both ends and closes", async (_what, changed) => {
    const [left, right] = duplexPair();
    const outcomes = await Promise.allSettled([authenticate(left, { ...client, ...changed }), authenticate(right, server)]);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(outcomes[0]).toMatchObject({ reason: { code: "unauthorized" } });
    expect([left.destroyed, right.destroyed]).toEqual([true, true]);
  });

  it("is not fooled by its own proof sent back", async () => {
    const [left, right] = duplexPair();
    right.on("data", (bytes: Buffer) => right.write(Buffer.concat([bytes.subarray(-32), bytes.subarray(-32)])));
    await expect(authenticate(left, client)).rejects.toMatchObject({ code: "unauthorized" });
  });

  it("hangs up on who speaks another protocol, and tells him nothing", async () => {
    const [left, right] = duplexPair();
    let said = 0;
    left.on("data", (bytes: Buffer) => (said += bytes.length));
    left.write("GET / HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n");
    await expect(authenticate(right, server)).rejects.toMatchObject({ code: "unauthorized" });
    expect(said).toBe(0);
  });

  it("gives up who says nothing", async () => {
    const [, right] = duplexPair();
    await expect(authenticate(right, { ...server, timeoutMs: 20 })).rejects.toMatchObject({ code: "timeout" });
    expect(right.destroyed).toBe(true);
  });

  it("gives up who leaves half way", async () => {
    const [left, right] = duplexPair();
    left.write("stead-auth-1");
    left.end();
    await expect(authenticate(right, server)).rejects.toMatchObject({ code: "disconnected" });
  });
});

describe("the token", () => {
  let directory: string;
  let home: Home;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "stead-test-"));
    home = homeFrom({ STEAD_HOME: join(directory, "home") });
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it("is absent before it is made, and then stays: 32 bytes that only the user can read", async () => {
    expect(await readToken(home)).toBeUndefined();
    const made = await readOrMakeToken(home);
    expect(made).toHaveLength(32);
    expect(await readOrMakeToken(home)).toEqual(made);
    expect((await stat(home.token)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(home.token))).mode & 0o777).toBe(0o700);
  });

  it("is the same for all who make it at once, and leaves no draft", async () => {
    const tokens = await Promise.all(Array.from({ length: 20 }, () => readOrMakeToken(home)));
    expect(new Set(tokens.map((one) => one.toString("hex"))).size).toBe(1);
    expect(await readdir(dirname(home.token))).toEqual(["token"]);
  });

  async function place(content: Uint8Array, mode: number): Promise<void> {
    await mkdir(dirname(home.token), { recursive: true, mode: 0o700 });
    await writeFile(home.token, content, { mode });
    await chmod(home.token, mode);
  }

  it("is refused when others could read it", async () => {
    await place(randomBytes(32), 0o644);
    await expect(readOrMakeToken(home)).rejects.toThrow(/mode 644/);
  });

  it.each([0, 31, 33])("is refused with %i bytes", async (length) => {
    await place(randomBytes(length), 0o600);
    await expect(readOrMakeToken(home)).rejects.toMatchObject({ code: "unauthorized" });
  });

  it("is refused when it is a link", async () => {
    await mkdir(dirname(home.token), { recursive: true, mode: 0o700 });
    await writeFile(join(directory, "elsewhere"), randomBytes(32), { mode: 0o600 });
    await symlink(join(directory, "elsewhere"), home.token);
    await expect(readOrMakeToken(home)).rejects.toMatchObject({ code: "socketUnsafe" });
  });
});
