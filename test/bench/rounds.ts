import type { Bench } from "./bench.ts";
import type { Answers } from "./load/wrk.ts";
import type { Contender, Work } from "./work.ts";
import { cpuBetween, usageOf } from "./usage.ts";

/** Result of one contender in one round. */
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

/** Warm-up for the JIT: ends when throughput stops growing, or after this. */
const maxWarmUpSeconds = 10;
const warmUpThreshold = 1.03;

/** Measures a work with its contenders in rotation. */
export async function runWork(
  work: Work,
  bench: Omit<Bench, "defer">,
  { seconds, rounds }: RoundOptions,
): Promise<WorkResult> {
  await using undo = new AsyncDisposableStack();
  const contenders = await work.contenders({ ...bench, defer: (step) => undo.defer(step) });
  if (!work.isCold) for (const contender of contenders) await warmUp(contender);
  return {
    name: work.name,
    samples: await runInterleaved(contenders, { seconds, rounds: Math.min(rounds, work.rounds ?? rounds) }),
  };
}

/** Interleaves contenders, so that background load affects all of them. */
export async function runInterleaved(
  contenders: readonly Contender[],
  { seconds, rounds }: RoundOptions,
): Promise<WorkResult["samples"]> {
  const samples = contenders.map(({ name }) => ({ contender: name, rounds: [] as Sample[] }));
  for (let round = 0; round < rounds; round += 1)
    for (const [index, contender] of contenders.entries())
      samples[index]?.rounds.push(await sample(contender, seconds));
  return samples;
}

export async function warmUp({ prepare, measure }: Contender): Promise<void> {
  let fastest = 0;
  for (let second = 0; second < maxWarmUpSeconds; second += 1) {
    await prepare?.(1);
    const { requests, seconds } = await measure(1);
    const rate = requests / seconds;
    if (rate < fastest * warmUpThreshold) return;
    fastest = rate;
  }
}

async function sample({ processes, prepare, measure }: Contender, seconds: number): Promise<Sample> {
  await prepare?.(seconds);
  const before = usageOf(processes);
  const { figures = {}, ...answers } = await measure(seconds);
  const after = usageOf(processes);
  const perSecond = answers.requests / answers.seconds;
  const memory = [...after].map(([name, { bytes }]) => [name, bytes] as const);
  return {
    ...answers,
    perSecond,
    cpu: Object.fromEntries(cpuBetween(before, after)),
    memory: Object.fromEntries(memory),
    figures,
  };
}
