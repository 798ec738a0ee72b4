import { createRequire } from 'node:module'

/** The part of the library that is asked: its own types need a browser build of TypeScript. */
type Library = {
  readonly AdaptiveCard: new () => {
    parse(card: object, context: Context): void
    readonly version: { toString(): string }
    validateProperties(): { readonly validationEvents: readonly { readonly message: string }[] }
  }
  readonly SerializationContext: new (version: unknown) => Context
  readonly Versions: { readonly v1_5: unknown }
}
type Context = { readonly eventCount: number; getEventAt(i: number): { readonly message: string } }

// The package's own entry is for bundlers; its browser build runs in node.
const { AdaptiveCard, SerializationContext, Versions } = createRequire(import.meta.url)(
  'adaptivecards/dist/adaptivecards.js',
) as Library

/** What Microsoft's own renderer has to say against a card: nothing, where it is right. */
export function faultsOf(card: object): readonly string[] {
  const context = new SerializationContext(Versions.v1_5)
  const parsed = new AdaptiveCard()
  parsed.parse(card, context)
  const events = Array.from({ length: context.eventCount }, (_, i) => context.getEventAt(i).message)
  const version = parsed.version.toString() === '1.5' ? [] : [`version ${parsed.version.toString()}`]
  return [
    ...events,
    ...version,
    ...parsed.validateProperties().validationEvents.map(({ message }) => message),
  ]
}
