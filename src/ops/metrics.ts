/** Counters and gauges in Prometheus' text form (version 0.0.4). */
export type Labels = Readonly<Record<string, string>>

export interface Counter {
  /** Adds `by` (default 1) to the series of these labels. Labels are few and known: never a name or a number. */
  add(labels?: Labels, by?: number): void
}

export interface Metrics {
  counter(name: string, help: string): Counter
  /** A value that is asked for when the metrics are read. */
  gauge(name: string, help: string, read: () => number): void
  /** Everything, as text. */
  text(): string
}

type Family = {
  readonly help: string
  readonly type: 'counter' | 'gauge'
  readonly series: () => Iterable<[string, number]>
}

export function createMetrics(): Metrics {
  const families = new Map<string, Family>()
  const add = (name: string, family: Family) => {
    if (families.has(name)) throw new Error(`metric ${name} is registered twice`)
    families.set(name, family)
  }
  return {
    counter(name, help) {
      const series = new Map<string, number>()
      add(name, { help, type: 'counter', series: () => series })
      return {
        add(labels = {}, by = 1) {
          const key = written(labels)
          series.set(key, (series.get(key) ?? 0) + by)
        },
      }
    },
    gauge(name, help, read) {
      add(name, { help, type: 'gauge', series: () => [['', read()]] })
    },
    text() {
      return [...families].map(([name, family]) => asText(name, family)).join('')
    },
  }
}

function asText(name: string, { help, type, series }: Family): string {
  const lines = [...series()].map(([labels, value]) => `${name}${labels} ${value}\n`)
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`
}

function written(labels: Labels): string {
  const pairs = Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}
