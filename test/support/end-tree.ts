import { existsSync, readdirSync } from "node:fs";
import { observe, signal, terminate, type ServerProcess } from "../../deploy/local/processes.ts";

/** A process and its descendants, in other sessions too; on Linux only, elsewhere just the process. */
function treeOf(root: number): ServerProcess[] {
  const all = (existsSync("/proc") ? readdirSync("/proc") : [String(root)]).flatMap((name) => {
    const pid = Number(name);
    const seen = Number.isInteger(pid) ? observe(pid) : undefined;
    return seen ? [{ pid, ...seen, startedAt: "" }] : [];
  });
  const children = Map.groupBy(all, ({ parent }) => parent);
  const below = (pid: number): ServerProcess[] =>
    (children.get(pid) ?? []).flatMap((child) => [child, ...below(child.pid)]);
  return [...all.filter(({ pid }) => pid === root), ...below(root)];
}

/** Sends SIGTERM to all, SIGKILL after `graceMs`; resolves after their exit. */
export async function endTree(root: number, graceMs = 60_000): Promise<void> {
  // Stopped during the search, so that they cannot fork.
  const found = new Map<number, ServerProcess>();
  for (let fresh = treeOf(root); fresh.length > 0; fresh = treeOf(root).filter(({ pid }) => !found.has(pid)))
    for (const each of fresh) {
      signal(each, "SIGSTOP");
      found.set(each.pid, each);
    }
  // Frozen processes need SIGCONT to handle the signal.
  await Promise.all([...found.values()].map((each) => terminate(each, graceMs)));
}
