import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { WebSocket } from "ws";
import * as z from "zod/mini";

/** Firefox writes it into the profile of a run with --remote-debugging-port. */
const Server = z.object({ ws_host: z.string(), ws_port: z.number() });

/** Asks the Firefox that runs with this profile to quit as a user would: a signal would end it like a crash. */
export async function quitFirefox(profile: string): Promise<void> {
  const server = Server.parse(JSON.parse(await readFile(join(profile, "WebDriverBiDiServer.json"), "utf8")));
  const socket = new WebSocket(`ws://${server.ws_host}:${server.ws_port}/session`);
  await new Promise<void>((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.on("error", () => undefined); // Quitting, it may drop the connection before it answers.
  socket.send(JSON.stringify({ id: 1, method: "session.new", params: { capabilities: {} } }));
  socket.send(JSON.stringify({ id: 2, method: "browser.close", params: {} }));
  await closed;
}
