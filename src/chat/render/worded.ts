import type { Sentence } from '../../core/sentence.ts'
import type { Words } from '../words/words.ts'
import { inertAll } from './text.ts'

/** A sentence in words; what others wrote in it is made inert first. */
export function worded(sentence: Sentence, words: Words): string {
  // The code picks the function whose parameter has that code; TypeScript cannot follow the pair.
  const say = words.sentences[sentence.code] as (sentence: Sentence) => string
  return say(inertAll(sentence))
}
