import { expect, it } from "vitest";
import { oneAtATime } from "../../../native-host/host/oneAtATime.ts";

function job() {
  const ends: ((result: string | Error) => void)[] = [];
  const run = oneAtATime(
    () =>
      new Promise<string>((resolve, reject) => {
        ends.push((result) => (typeof result === "string" ? resolve(result) : reject(result)));
      }),
  );
  return { run, ends };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

it("runs at once when nothing runs", async () => {
  const { run, ends } = job();
  const first = run();
  ends[0]?.("first");
  expect(await first).toBe("first");
  await turn();
  const second = run();
  ends[1]?.("second");
  expect(await second).toBe("second");
});

it("gives everyone who asks meanwhile the one next run", async () => {
  const { run, ends } = job();
  const first = run();
  const others = [run(), run(), run()];
  await turn();
  expect(ends).toHaveLength(1);
  ends[0]?.("first");
  expect(await first).toBe("first");
  await turn();
  expect(ends).toHaveLength(2);
  const late = run();
  ends[1]?.("second");
  expect(await Promise.all(others)).toEqual(["second", "second", "second"]);
  await turn();
  ends[2]?.("third");
  expect(await late).toBe("third");
  expect(ends).toHaveLength(3);
});

it("goes on after a run that failed", async () => {
  const { run, ends } = job();
  const first = run();
  const second = run();
  ends[0]?.(new Error("no"));
  await expect(first).rejects.toThrow("no");
  await turn();
  ends[1]?.("yes");
  expect(await second).toBe("yes");
});
