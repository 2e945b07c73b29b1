import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { onNpmExit } from "../../../services/node/npm.ts";

const program = "services/node/main.js";
const start = `exec node --expose-gc ${program}`;
let parent: number;
beforeEach(() => {
  jest.useFakeTimers();
  parent = 77;
});
afterEach(() => void jest.useRealTimers());

function programOf(script: string | undefined) {
  const end = jest.fn();
  onNpmExit(end, { script, program, parent: () => parent });
  return end;
}

test("a program that npm started ends once, when npm has gone", () => {
  const end = programOf(start);
  jest.advanceTimersByTime(60_000);
  expect(end).not.toHaveBeenCalled();
  parent = 1;
  jest.advanceTimersByTime(60_000);
  expect(end).toHaveBeenCalledTimes(1);
});

test.each([
  ["without npm", undefined],
  ["by another script, which let it go", `setsid node ${program} &`],
  ["by a test of another script", "npm run check:types && exec node test/run.ts"],
])("a program that was started %s goes on when its parent has gone", (_how, script) => {
  const end = programOf(script);
  parent = 1;
  jest.advanceTimersByTime(60_000);
  expect(end).not.toHaveBeenCalled();
});
