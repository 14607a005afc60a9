import { homeFrom } from "../../native-host/home.ts";
import { openStore } from "../../native-host/store/openStore.ts";
import { inHome } from "./homes.ts";
import { snapshot, steps } from "./programs/steps.ts";

/** What a store that nothing disturbs holds before the steps, and after each. */
export function statesAfterSteps(): Promise<unknown[]> {
  return inHome(async (env) => {
    const store = await openStore({ home: homeFrom(env), env });
    const states = [snapshot(store), ...steps.map((step) => (step(store), snapshot(store)))];
    store.close();
    return states;
  });
}
