import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { main } from "./cli/main.ts";

const here = dirname(fileURLToPath(import.meta.url));
// Built, both programs are neighbours; from the sources, Firefox still starts the built one.
const programs = basename(here) === "native-host" && import.meta.url.endsWith(".ts") ? join(here, "../dist/native-host") : here;

await main(process, { hostProgram: join(programs, "stead-host.js") });
