import { writeSync } from "node:fs";
import { homeFrom } from "../../../native-host/home.ts";
import { openStore } from "../../../native-host/store/openStore.ts";
import { snapshot } from "./steps.ts";

// Says what the store holds, and how much of it is damaged if anything is.
const store = await openStore({ home: homeFrom(process.env), env: process.env });
const { damaged } = store.verify();
writeSync(1, `${damaged.length === 0 ? "" : JSON.stringify(damaged)}${JSON.stringify(snapshot(store))}\n`);
store.close();
