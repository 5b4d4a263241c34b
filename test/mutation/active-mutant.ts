/** The clock is read once for so many of them. */
const asksPerLook = 256;

/** Every mutant asks here whether it is active. */
export class ActiveMutant {
  /** 0: none. */
  active = 0;
  /** The mutants that asked since it was cleared. */
  readonly asked = new Set<number>();
  /** Those that asked while their module was loaded. */
  readonly askedAtLoad = new Set<number>();
  /** Whether a module with mutants is being loaded. */
  isLoading = false;
  /** How often they may ask, so that an endless loop ends. */
  left = Number.POSITIVE_INFINITY;
  /** Until when they may ask, in processor time: a loop that never waits lets no timer end it. */
  untilCpuMs = Number.POSITIVE_INFINITY;
  private seen: Uint8Array;

  constructor(size: number) {
    this.seen = new Uint8Array(size);
  }

  is(id: number): boolean {
    this.left -= 1;
    if (this.left < 0 || (this.left % asksPerLook === 0 && cpuMs() > this.untilCpuMs)) {
      this.left = 0;
      throw new Error('an endless loop');
    }
    if (this.seen[id] === 0) {
      this.seen[id] = 1;
      this.asked.add(id);
    }
    if (this.isLoading) this.askedAtLoad.add(id);
    return id === this.active;
  }

  clear(): void {
    this.asked.clear();
    this.seen.fill(0);
  }
}

/** The processor time of this thread: other processes do not delay it. */
export function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
