import * as z from "zod/mini";
import { startBackground } from "./browser/background.ts";

// The extension's content security policy forbids the compiled parsers.
z.config({ jitless: true });
startBackground();
