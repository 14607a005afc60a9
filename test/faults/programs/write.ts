import { writeSync } from "node:fs";
import { homeFrom } from "../../../native-host/home.ts";
import { openStore } from "../../../native-host/store/openStore.ts";
import { cookie } from "../../support/cookies.ts";

// Writes the cookies argv[3]-0, argv[3]-1 … of the project argv[2], argv[4] of them, each named on stdout when it was acknowledged.
const [project = "", prefix = "", count = "0"] = process.argv.slice(2);
const store = await openStore({ home: homeFrom(process.env), env: process.env });
for (let place = 0; place < Number(count); place++) {
  const name = `${prefix}-${place}`;
  store.write(project, [{ kind: "set", cookie: cookie({ name }), at: 1 }], { by: prefix });
  writeSync(1, `${name}\n`);
}
store.close();
