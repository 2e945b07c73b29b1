import type { Bench } from "./bench.ts";
import type { Answers } from "./load/wrk.ts";
import type { Contender, Work } from "./work.ts";
import { cpuBetween, usageOf } from "./usage.ts";

/** What one contender did in one round. */
export interface Sample extends Answers {
  readonly perSecond: number;
  /** By process, in seconds. */
  readonly cpu: Readonly<Record<string, number>>;
  /** Resident, by process, in bytes. */
  readonly memory: Readonly<Record<string, number>>;
  readonly figures: Readonly<Record<string, number>>;
}

export interface WorkResult {
  readonly name: string;
  readonly samples: readonly { readonly contender: string; readonly rounds: readonly Sample[] }[];
}

export interface RoundOptions {
  readonly seconds: number;
  readonly rounds: number;
}

const warmUpSeconds = 1;

/** Measures a work, its contenders in turn. */
export async function runWork(work: Work, bench: Omit<Bench, "defer">, { seconds, rounds }: RoundOptions): Promise<WorkResult> {
  await using undo = new AsyncDisposableStack();
  const contenders = await work.contenders({ ...bench, defer: (step) => undo.defer(step) });
  return { name: work.name, samples: await takeTurns(contenders, { seconds, rounds: Math.min(rounds, work.rounds ?? rounds) }) };
}

/**
 * Lets contenders take turns, so that whatever the machine does besides happens to all of them. The first turn of each
 * only warms up.
 */
export async function takeTurns(contenders: readonly Contender[], { seconds, rounds }: RoundOptions): Promise<WorkResult["samples"]> {
  const samples = contenders.map(({ name }) => ({ contender: name, rounds: [] as Sample[] }));
  for (const contender of contenders) {
    await contender.prepare?.(warmUpSeconds);
    await contender.measure(warmUpSeconds);
  }
  for (let round = 0; round < rounds; round += 1)
    for (const [index, contender] of contenders.entries()) samples[index]?.rounds.push(await sample(contender, seconds));
  return samples;
}

async function sample({ processes, prepare, measure }: Contender, seconds: number): Promise<Sample> {
  await prepare?.(seconds);
  const before = usageOf(processes);
  const { figures = {}, ...answers } = await measure(seconds);
  const after = usageOf(processes);
  const perSecond = answers.requests / answers.seconds;
  const memory = [...after].map(([name, { bytes }]) => [name, bytes] as const);
  return { ...answers, perSecond, cpu: Object.fromEntries(cpuBetween(before, after)), memory: Object.fromEntries(memory), figures };
}
