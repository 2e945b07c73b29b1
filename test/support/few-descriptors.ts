/**
 * Hashes passwords while descriptors are exhausted, and prints the results, one per line. A low limit
 * (`ulimit -n`) is reached quickly.
 */
import { closeSync, openSync } from "node:fs";
import { hashPassword } from "../../services/users/domain/passwords.ts";

/**
 * Exhausts all descriptors.
 *
 * @returns them
 */
function exhaustDescriptors(): number[] {
  const taken: number[] = [];
  try {
    for (;;) taken.push(openSync("/dev/null", "r"));
  } catch {
    return taken;
  }
}

async function outcome(): Promise<string> {
  return hashPassword("a quiet long sentence").then(
    () => "hashed",
    ({ type }: { type?: string }) => String(type),
  );
}

const say = (...words: string[]) => process.stdout.write(`${words.join(" ")}\n`);

// Preloads everything that a first hash needs.
const first = exhaustDescriptors();
say("none left", await outcome(), await outcome());
for (const descriptor of first) closeSync(descriptor);
say("enough again", await outcome());
exhaustDescriptors();
say("none left beside a thread", ...(await Promise.all([outcome(), outcome(), outcome()])));
