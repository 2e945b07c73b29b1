import fs from "node:fs";
import { basename } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import { UnusableDatabaseError } from "../unusable-database.ts";

/**
 * A watermark file `….sqlite-acknowledged` beside each SQLite file records how much of the log was durable,
 * so that a start detects a truncated, corrupt or missing log, or a file restored from an older copy; SQLite
 * would silently accept the rest. Written after a sync and not synced itself, it never claims too much, also
 * after a power loss. Before SQLite may overwrite the log, the claim is retracted durably.
 */
export interface Acknowledged {
  /** Number of times the file was opened; also stored in the file as `user_version`. */
  readonly generation: number;
  /** Durable frames (pages) of the log; 0: no claim. */
  readonly frames: number;
  /** Salt of the log's header, which identifies the log; a restart of the log increments its first half. */
  readonly salt: string;
}

/** Constant, so that overwriting in place needs no space on a full disk. */
const markBytes = 128;
/** Offsets: `user_version` in the file, the salt in the log, frame count and salt in the log's index. */
const [userVersionAt, logSaltAt, indexFramesAt, indexSaltAt] = [60, 16, 16, 32] as const;
const saltBytes = 8;
const indexVersion = 3_007_000;
/** In bytes. A check takes about 1 s per 200 MB and would delay the start. */
const maxCheckedBytes = 32 * 2 ** 20;
const [corrupt, noDatabase] = [11, 26] as const;

const sync = promisify(fs.fdatasync);
const markPath = (file: string) => `${file}-acknowledged`;

/** The watermark of one file, as its process writes it. */
export class AcknowledgedMark {
  readonly #file: string;
  #generation: number;
  #descriptor: number | undefined;
  #index: number | undefined;
  /** Salt of the log whose claim was retracted. */
  #retractedSalt: string | undefined;
  #isAdvanced: boolean;

  constructor(file: string) {
    this.#file = file;
    const before = readMark(file);
    this.#generation = before?.generation ?? 0;
    this.#isAdvanced = (before?.frames ?? 0) > 0;
  }

  /** Current position in the log; undefined when unknown. */
  position(): Omit<Acknowledged, "generation"> | undefined {
    try {
      // Stays open until the last connection closes: closing it earlier would drop SQLite's locks on it.
      this.#index ??= fs.openSync(`${this.#file}-shm`, "r");
      const header = Buffer.alloc(indexSaltAt + saltBytes);
      fs.readSync(this.#index, header, 0, header.length, 0);
      const number = (at: number) => new Uint32Array(header.buffer, header.byteOffset + at, 1)[0] ?? 0;
      if (number(0) !== indexVersion) return undefined;
      return { frames: number(indexFramesAt), salt: header.toString("hex", indexSaltAt) };
    } catch {
      return undefined;
    }
  }

  /** Claims that the log is durable up to a position read before the sync. A failed write makes no claim. */
  advance(position: Omit<Acknowledged, "generation"> | undefined): void {
    if (!position || position.salt === this.#retractedSalt) return;
    try {
      this.#write(position);
      this.#isAdvanced = true;
    } catch {
      // The earlier claim is still true.
    }
  }

  /** At the start: the log is empty, and the file has this generation. */
  startGeneration(generation: number): void {
    this.#generation = generation;
    this.#write({ frames: 0, salt: "" });
  }

  /** Retracts the claim until SQLite restarts the log; durable when resolved. */
  async retract(): Promise<void> {
    if (this.#clear()) await sync(this.#open());
  }

  /** `retract`, synchronously. */
  retractSync(): void {
    if (this.#clear()) fs.fdatasyncSync(this.#open());
  }

  /** @returns whether there was a claim */
  #clear(): boolean {
    this.#retractedSalt = this.position()?.salt;
    if (!this.#isAdvanced) return false;
    this.#write({ frames: 0, salt: "" });
    this.#isAdvanced = false;
    return true;
  }

  close(): void {
    for (const descriptor of [this.#descriptor, this.#index])
      if (descriptor !== undefined) fs.closeSync(descriptor);
    this.#descriptor = undefined;
    this.#index = undefined;
  }

  #open(): number {
    return (this.#descriptor ??= fs.openSync(
      markPath(this.#file),
      fs.constants.O_RDWR | fs.constants.O_CREAT,
      0o600,
    ));
  }

  #write(log: Omit<Acknowledged, "generation">): void {
    const text = JSON.stringify({ generation: this.#generation, ...log } satisfies Acknowledged);
    fs.writeSync(this.#open(), `${text.padEnd(markBytes - 1)}\n`, 0);
  }
}

/** Damage to a SQLite file or its log, in one line, and whether the shop can start without the lost data. */
export interface Damage {
  readonly message: string;
  readonly isRecoverable: boolean;
}

/**
 * Checks a file before this process opens it; changes neither file nor log.
 *
 * @returns undefined when all acknowledged data is present; does not detect changed bytes within values, nor
 *   damage inside files of more than 32 MB
 */
export function findDamage(file: string): Damage | undefined {
  const name = basename(file);
  const mark = readMark(file);
  const header = readHead(file, userVersionAt + 4);
  if (!header)
    return mark && mark.generation > 0 ? { message: `${name} is missing`, isRecoverable: true } : undefined;
  const generation = header.length === userVersionAt + 4 ? header.readUInt32BE(userVersionAt) : 0;
  if (mark && generation < mark.generation)
    return {
      message: `${name} is an older copy: generation ${generation}, expected ${mark.generation}`,
      isRecoverable: true,
    };
  const salt = readHead(`${file}-wal`, logSaltAt + saltBytes)?.toString("hex", logSaltAt);
  if (mark && mark.frames > 0 && !salt)
    return {
      message: `${name}-wal, with ${mark.frames} acknowledged pages, is missing`,
      isRecoverable: true,
    };
  if (header.length === 0) return undefined;
  return findDamageInside(file, mark, salt);
}

/**
 * @param warn receives the damage when it is accepted
 * @throws UnusableDatabaseError when it is not
 */
export function assertIntact(file: string, acceptLoss: boolean, warn: (line: string) => void): void {
  const damage = findDamage(file);
  if (!damage) return;
  if (!damage.isRecoverable || !acceptLoss) {
    const hint = damage.isRecoverable
      ? ", or start once with ACCEPT_DATA_LOSS=true to continue without the lost data"
      : "";
    throw new UnusableDatabaseError(
      `${damage.message}: restore DATA_DIR from a backup${hint} (docs/guides/operations.md)`,
    );
  }
  warn(`${damage.message}: continuing without the lost data (ACCEPT_DATA_LOSS)`);
}

function findDamageInside(
  file: string,
  mark: Acknowledged | undefined,
  salt: string | undefined,
): Damage | undefined {
  const name = basename(file);
  // Read-only: closing must neither checkpoint nor remove the log.
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    // A connection opens the log with its first read.
    db.exec("SELECT 1 FROM sqlite_schema");
    const frames = Number(db.prepare("PRAGMA wal_checkpoint(NOOP)").get()?.["log"]);
    if (mark && mark.frames > 0 && !isNextSalt(mark.salt, salt)) {
      const intactFrames = salt === mark.salt ? frames : 0;
      if (intactFrames < mark.frames)
        return {
          message: `${name}-wal is truncated or corrupt: ${intactFrames} of ${mark.frames} acknowledged pages are intact`,
          isRecoverable: true,
        };
    }
    if (fs.statSync(file).size > maxCheckedBytes) return undefined;
    const found = Object.values(db.prepare("PRAGMA quick_check(1)").get() ?? {})[0];
    return found === "ok"
      ? undefined
      : { message: `${name} is damaged: ${String(found).replaceAll(/\s+/g, " ")}`, isRecoverable: true };
  } catch (error) {
    const { errcode, message } = error as { errcode?: number; message: string };
    if (errcode === undefined || ![corrupt, noDatabase].includes((errcode & 0xff) as never)) throw error;
    return { message: `${name} is damaged: ${message}`, isRecoverable: false };
  } finally {
    db.close();
  }
}

/** Whether SQLite has restarted the log since: the former log is then fully checkpointed. */
function isNextSalt(before: string, now = ""): boolean {
  const first = (salt: string) => Number.parseInt(salt.slice(0, saltBytes), 16);
  return (first(now) - first(before)) >>> 0 === 1;
}

function readMark(file: string): Acknowledged | undefined {
  try {
    return JSON.parse(fs.readFileSync(markPath(file), "utf8")) as Acknowledged;
  } catch {
    // Missing, or emptied by a power loss: no claim.
    return undefined;
  }
}

/** Up to `count` leading bytes; undefined when the file does not exist. */
function readHead(file: string, count: number): Buffer | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = fs.openSync(file, "r");
    const bytes = Buffer.alloc(count);
    return bytes.subarray(0, fs.readSync(descriptor, bytes, 0, count, 0));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor);
  }
}
