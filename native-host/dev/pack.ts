import { cmd } from "web-ext";
import { consoleStream } from "web-ext/util/logger";

/** Packs an unpacked extension as `directory`/`filename`, replacing what is there. */
export async function pack(unpacked: string, directory: string, filename: string): Promise<void> {
  consoleStream.startCapturing(); // It announces itself on stdout.
  try {
    await cmd.build(
      { sourceDir: unpacked, artifactsDir: directory, filename, overwriteDest: true },
      { showReadyMessage: false },
    );
  } finally {
    consoleStream.stopCapturing();
  }
}
