import { homeFrom } from "../../../native-host/home.ts";
import { openStore } from "../../../native-host/store/openStore.ts";

// Opens the store, made if it must be, and leaves a project in it. argv[2] is its name.
const store = await openStore({ home: homeFrom(process.env), env: process.env });
store.addProject({ name: process.argv[2] ?? "" });
store.close();
