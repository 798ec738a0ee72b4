/** Milliseconds that the channel takes for what it takes at all. */
const TAKES = 2500
/** Seconds after which whoever was turned away may come again. */
const REST = 3

/**
 * A day on which the channel is overloaded, as channels are at times: what the bot writes is taken late, and each
 * second request is turned away with 429 and Retry-After, to be repeated.
 */
export class SlowDay {
  #over: PromiseWithResolvers<void> | undefined
  #count = 0

  begin(): void {
    this.#over ??= Promise.withResolvers()
  }

  /** Whoever waits is served at once. */
  end(): void {
    this.#over?.resolve()
    this.#over = undefined
    this.#count = 0
  }

  /** Waits as long as a request has to. Answers the seconds of Retry-After where it is turned away. */
  async pass(): Promise<number | undefined> {
    const over = this.#over
    if (!over) return undefined
    this.#count += 1
    if (this.#count % 2 === 0) return REST
    let timer: NodeJS.Timeout | undefined
    const long = new Promise((resolve) => (timer = setTimeout(resolve, TAKES).unref()))
    await Promise.race([over.promise, long])
    clearTimeout(timer)
    return undefined
  }
}
