import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { readOrMakeToken } from "../../../native-host/host/localAuth.ts";
import type { Home } from "../../../native-host/home.ts";
import { keep } from "../../../native-host/vault/keep.ts";
import { askKeeper, dismissKeeper, startKeeper } from "../../../native-host/vault/keeperClient.ts";
import { keeperSocket } from "../../../native-host/vault/keeperSocket.ts";
import { errorCode } from "../../support/errorCode.ts";
import { storeHome } from "../../support/storeHome.ts";

const root = randomBytes(32);

/** Every keeper of this machine that this user may look at, by process id. */
function keepers(): string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`).includes("vault/keeper.");
    } catch {
      // It has ended meanwhile.
      return false;
    }
  });
}

/** A keeper in this process; `ended` when it has quit. */
async function keeper(home: Home): Promise<{ ended: Promise<void>; held: Buffer }> {
  const held = Buffer.from(root);
  let ended: Promise<void> | undefined;
  await new Promise<void>((ready) => {
    ended = keep(home, held, ready);
  });
  if (!ended) throw new Error("unreachable");
  onTestFinished(() => dismissKeeper(home));
  return { ended, held };
}

describe("the keeper", () => {
  it("hands out the key until it is dismissed, and wipes it then", async () => {
    const { home } = storeHome();
    expect(await askKeeper(home)).toBeUndefined();
    const { ended, held } = await keeper(home);
    expect(await askKeeper(home)).toEqual([root]);
    expect(await askKeeper(home)).toEqual([root]);
    await dismissKeeper(home);
    await ended;
    expect(held).toEqual(Buffer.alloc(32));
    expect(await askKeeper(home)).toBeUndefined();
  });

  it("shows nothing to one who does not know the token", async () => {
    const { home } = storeHome();
    await keeper(home);
    const socket = connect(await keeperSocket(home));
    let came = Buffer.alloc(0);
    socket.on("data", (bytes: Buffer) => (came = Buffer.concat([came, bytes])));
    socket.on("error", () => undefined);
    socket.write(Buffer.alloc(300, "k"));
    await once(socket, "close");
    expect(came.includes(root)).toBe(false);
  });

  it("is not asked when someone else listens in its place", async () => {
    const { home } = storeHome();
    await readOrMakeToken(home);
    const server = createServer((socket) => socket.end(randomBytes(96)));
    server.listen(await keeperSocket(home));
    await once(server, "listening");
    onTestFinished(() => void server.close());
    expect(await errorCode(() => askKeeper(home))).toBe("unauthorized");
  });

  it("takes the place of one that was killed", async () => {
    const { home } = storeHome();
    mkdirSync(home.run, { mode: 0o700 });
    writeFileSync(await keeperSocket(home), "");
    await keeper(home);
    expect(await askKeeper(home)).toEqual([root]);
  });

  it("is one, whoever comes second", async () => {
    const { home } = storeHome();
    await keeper(home);
    const second = randomBytes(32);
    await startKeeper(home, second);
    expect(await askKeeper(home)).toEqual([root]);
  });

  it("ends when the token is another: nobody could tell it to", async () => {
    const { home } = storeHome();
    const { ended, held } = await keeper(home);
    rmSync(home.token);
    await readOrMakeToken(home);
    await ended;
    expect(held).toEqual(Buffer.alloc(32));
  });

  it("ends when its home is removed", async () => {
    const { home } = storeHome();
    const { ended } = await keeper(home);
    rmSync(home.data, { recursive: true });
    await ended;
    expect(existsSync(home.data)).toBe(false);
  });

  it("runs as a process of its own, without the key in its arguments or environment", async () => {
    const { home } = storeHome();
    onTestFinished(() => dismissKeeper(home));
    await startKeeper(home, Buffer.from(root));
    expect(await askKeeper(home)).toEqual([root]);
    const shown = keepers().map((pid) => Buffer.concat(["cmdline", "environ"].map((file) => readFileSync(`/proc/${pid}/${file}`))));
    expect(shown.length).toBeGreaterThan(0);
    const forms = [root, Buffer.from(root.toString("hex")), Buffer.from(root.toString("base64"))];
    expect(shown.filter((bytes) => forms.some((form) => bytes.includes(form)))).toEqual([]);
    await dismissKeeper(home);
    expect(await askKeeper(home)).toBeUndefined();
  });
});
