import { tool } from "./tool.ts";

/** A real Chromium, as the tests start it: root has no sandbox, and nothing is looked up on the network. */
export const chromiumOptions = {
  executablePath: tool(["chromium", "chromium-browser", "google-chrome"], "chromium"),
  args: [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
  ],
};
