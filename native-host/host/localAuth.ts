import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { link, unlink, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Duplex } from "node:stream";
import { SteadError } from "../../shared/errors.ts";
import type { Home } from "../home.ts";
import { codeOf, makePrivateDirectory, readPrivateFile } from "./privateFiles.ts";

const tokenBytes = 32;
const nonceBytes = 32;
const proofBytes = 32;
/** Names the exchange and its version; another version of it is another label. */
const greeting = Buffer.from("stead-auth-1");
const defaultTimeoutMs = 2000;

export type AuthRole = "server" | "client";

export interface AuthOptions {
  role: AuthRole;
  /** 32 bytes both ends know. */
  token: Uint8Array;
  /** What this connection is for, the endpoint's name: a proof made for one endpoint is none for another. */
  context: string;
  timeoutMs?: number;
}

/** The token, made on first need. Of several processes that make it at once all get the same. Throws `unauthorized`, `socketUnsafe`. */
export async function readOrMakeToken(home: Home): Promise<Buffer> {
  const existing = await readToken(home);
  if (existing) return existing;
  await makePrivateDirectory(dirname(home.token));
  const draft = `${home.token}.${randomBytes(8).toString("hex")}`;
  try {
    await writeFile(draft, randomBytes(tokenBytes), { flag: "wx", mode: 0o600 });
    // A link appears whole or not at all and never replaces: a crash leaves no half a token, the first maker wins.
    await link(draft, home.token).catch((error: unknown) => {
      if (codeOf(error) !== "EEXIST") throw error;
    });
  } finally {
    await unlink(draft).catch(() => undefined);
  }
  const made = await readToken(home);
  if (!made) throw new SteadError("unauthorized", `The token ${home.token} was removed while it was made.`);
  return made;
}

/** The token, or undefined where none was made yet. Throws `unauthorized`, `socketUnsafe`. */
export async function readToken(home: Home): Promise<Buffer | undefined> {
  const token = await readPrivateFile(home.token, 4096).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  });
  if (token && token.length !== tokenBytes) {
    throw new SteadError("unauthorized", `The token ${home.token} has ${token.length} bytes, not ${tokenBytes}.`, {
      hint: "Remove it and restart Firefox; Stead makes a new one.",
    });
  }
  return token;
}

/**
 * Both ends prove that they know the token, without showing it, before anything else is said: greeting and nonce, nonce
 * and proof, proof; 172 bytes in all. Resolves when the other end has proved itself, with the stream paused right after
 * the exchange. Destroys the stream and throws `unauthorized`, `timeout` or `disconnected` otherwise.
 */
export async function authenticate(stream: Duplex, options: AuthOptions): Promise<void> {
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  const timer = setTimeout(() => {
    stream.destroy(new SteadError("timeout", `The other end did not prove itself within ${timeoutMs} ms.`));
  }, timeoutMs);
  // An error may come between two reads, when no one else listens.
  const ignore = (): void => undefined;
  stream.on("error", ignore);
  try {
    await (options.role === "client" ? proveAsClient(stream, options) : answerAsServer(stream, options));
  } catch (error) {
    stream.on("error", ignore);
    stream.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
    stream.off("error", ignore);
  }
}

async function proveAsClient(stream: Duplex, { token, context }: AuthOptions): Promise<void> {
  const mine = randomBytes(nonceBytes);
  stream.write(Buffer.concat([greeting, mine]));
  const answer = await readExactly(stream, nonceBytes + proofBytes);
  const theirs = answer.subarray(0, nonceBytes);
  expectProof(answer.subarray(nonceBytes), proof("server", token, context, mine, theirs));
  stream.write(proof("client", token, context, mine, theirs));
}

async function answerAsServer(stream: Duplex, { token, context }: AuthOptions): Promise<void> {
  const first = await readExactly(stream, greeting.length + nonceBytes);
  if (!first.subarray(0, greeting.length).equals(greeting)) {
    throw new SteadError("unauthorized", "Someone connected who does not speak Stead's protocol.");
  }
  const theirs = first.subarray(greeting.length);
  const mine = randomBytes(nonceBytes);
  stream.write(Buffer.concat([mine, proof("server", token, context, theirs, mine)]));
  expectProof(await readExactly(stream, proofBytes), proof("client", token, context, theirs, mine));
}

/** The role is part of what is signed, so that no end can be answered with its own proof. */
function proof(role: AuthRole, token: Uint8Array, context: string, clientNonce: Uint8Array, serverNonce: Uint8Array): Buffer {
  return createHmac("sha256", token).update(greeting).update(`\0${role}\0`).update(clientNonce).update(serverNonce).update(context).digest();
}

function expectProof(came: Uint8Array, expected: Uint8Array): void {
  if (!timingSafeEqual(came, expected)) throw new SteadError("unauthorized", "The other end does not know this user's token.");
}

/** Takes exactly so many bytes off a stream in paused mode; what follows stays in it. */
function readExactly(stream: Duplex, length: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const attempt = (): void => {
      const bytes: unknown = stream.read(length);
      if (!Buffer.isBuffer(bytes)) return;
      // At the end of a stream read() hands out what is left, however little.
      if (bytes.length === length) settle(() => resolve(bytes));
      else gone();
    };
    const gone = (): void => settle(() => reject(new SteadError("disconnected", "The other end closed the connection before it proved itself.")));
    const fail = (error: Error): void =>
      settle(() => reject(error instanceof SteadError ? error : new SteadError("disconnected", "The connection broke.", { cause: error })));
    const settle = (finish: () => void): void => {
      stream.off("readable", attempt).off("end", gone).off("close", gone).off("error", fail);
      finish();
    };
    stream.on("readable", attempt).on("end", gone).on("close", gone).on("error", fail);
    if (stream.destroyed) gone();
    else attempt();
  });
}
