export interface BreakerSettings {
  /** Failures in a row after which a server is left alone. */
  readonly maxFailures: number;
  readonly pauseMs: number;
}

const usual: BreakerSettings = { maxFailures: 3, pauseMs: 10_000 };

/**
 * Leaves a failing server alone for a while (ten seconds by default), so that not every request waits for its
 * time limit. Then one request tries it, while the others go on without.
 */
export class CircuitBreaker {
  readonly #settings: BreakerSettings;
  #failures = 0;
  #retryAt = 0;

  constructor(settings: BreakerSettings = usual) {
    this.#settings = settings;
  }

  get isOpen(): boolean {
    return this.#failures >= this.#settings.maxFailures;
  }

  /** Whether to ask the server now. */
  admits(now: number): boolean {
    if (!this.isOpen) return true;
    if (now < this.#retryAt) return false;
    this.#retryAt = now + this.#settings.pauseMs;
    return true;
  }

  succeeded(): void {
    this.#failures = 0;
  }

  failed(now: number): void {
    this.#failures += 1;
    this.#retryAt = now + this.#settings.pauseMs;
  }
}
