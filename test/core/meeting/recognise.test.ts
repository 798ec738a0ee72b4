import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { recogniseMeetings } from '../../../src/core/meeting/recognise.ts'
import { samples } from './samples/samples.ts'

describe('invitations', () => {
  for (const { name, text, is } of samples)
    it(name, () => {
      const found = recogniseMeetings(text)
      assert.deepEqual(
        found.map(({ provider }) => provider),
        is.map(({ provider }) => provider),
      )
      for (const [at, { numbers, ...wanted }] of is.entries()) {
        const meeting = found[at]
        for (const [field, value] of Object.entries(wanted))
          assert.equal(meeting?.[field as keyof typeof meeting], value, field)
        if (numbers)
          assert.deepEqual(
            meeting?.numbers.map(({ number }) => number),
            numbers,
          )
      }
    })
})
