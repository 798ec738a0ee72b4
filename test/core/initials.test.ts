import assert from 'node:assert/strict'
import { test } from 'node:test'
import { initialsOf } from '../../src/core/initials.ts'

const rows: readonly [name: string, initials: string, why: string][] = [
  ['Bob Marín', 'BM', 'the first and the last word'],
  ['María del Carmen Núñez', 'MN', 'whatever stands between'],
  ['Madonna', 'M', 'one word, one letter'],
  ['zoë ørsted', 'ZØ', 'upper case, accents and all'],
  ['Serrano, Alice', 'AS', 'a comma says that the surname stands first'],
  ['García López, Ana', 'AG', 'and which of two surnames it begins with'],
  ['Alice Serrano (Sales)', 'AS', 'what stands in brackets is no name'],
  ['Jean-Luc Picard', 'JP', 'a double name counts once'],
  ["Sinéad O'Brien", 'SO', 'an apostrophe is no gap'],
  ['ßandra Groß', 'SG', 'one letter, though its upper case has two'],
  ['E\u0301va Gil', 'ÉG', 'a letter with its accent apart'],
  ['Γιώργος Παπαδόπουλος', 'ΓΠ', 'Greek'],
  ['Александр Щербаков', 'АЩ', 'Cyrillic'],
  ['王小明', '小明', 'Chinese: the given name'],
  ['李明', '李明', 'Chinese, of two characters'],
  ['山田 太郎', '太郎', 'Japanese, with a gap'],
  ['김민수', '민수', 'Korean'],
  ['דוד כהן', 'דכ', 'Hebrew: the order on the screen is the screen’s'],
  ['محمد علي', 'م\u200Cع', 'Arabic: two letters that stay apart'],
  ['राहुल शर्मा', 'राश', 'Devanagari: a letter keeps its vowel'],
  ['<b>Eve</b> & Co', 'BC', 'no sign that could be markup'],
  ['👩‍🚀 Eva Gil', 'EG', 'a picture is no letter'],
  ['+34 910 000 002', '', 'a number has none'],
  ['', '', 'nor has nothing'],
]
for (const [name, initials, why] of rows)
  test(`the initials of ${JSON.stringify(name)} are ${JSON.stringify(initials)}: ${why}`, () => {
    assert.equal(initialsOf(name), initials)
  })
