import type { Screen } from '../core/screen.ts'

/** What comes of a press: `card` takes the pressed card's place, `say` is a message of its own. */
export type Pressed = { readonly card?: Screen; readonly say?: Screen }
