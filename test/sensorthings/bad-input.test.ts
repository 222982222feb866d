/** Whatever is asked: an answer, or the standard's error with a sentence; never a failure of the hub's. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { entityTypes, typeNames } from '../../sensorthings/entity-types.ts'
import { functions, geographicFunctions } from '../../sensorthings/query/functions.ts'
import { openStaRig, type StaRig } from './rig.ts'

let sta: StaRig

beforeAll(async () => {
  sta = await openStaRig()
})
afterAll(() => sta.close())

const circle = (depth: number): string =>
  depth === 0 ? 'Thing' : `Thing($expand=Datastreams($expand=${circle(depth - 1)}))`

describe('a mistake is told in a sentence', () => {
  it.each([
    ['10,000 brackets', `/Things?$filter=${'('.repeat(10_000)}`, 400, /more than 4000 words/],
    [
      '300 brackets',
      `/Things?$filter=${'('.repeat(300)}true${')'.repeat(300)}`,
      400,
      /brackets within brackets/
    ],
    ['300 times not', `/Things?$filter=${'not '.repeat(300)}true`, 400, /brackets within brackets/],
    ['an $expand in a circle', `/Datastreams?$expand=${circle(9)}`, 400, /goes 6 deep at most/],
    ['$top=1e9', '/Things?$top=1e9', 400, /\$top takes a whole number/],
    ['a negative $skip', '/Things?$skip=-1', 400, /\$skip takes a whole number/],
    ['$count=yes', '/Things?$count=yes', 400, /\$count is true or false/],
    ['an unknown property', '/Things?$filter=colour eq 1', 400, /a Thing has no "colour". It has: id, name/],
    ['a name from Object', '/Things?$filter=constructor eq 1', 400, /has no "constructor"/],
    ['an unknown function', '/Things?$filter=eval(name) eq 1', 400, /no function "eval"/],
    ['too many arguments', '/Things?$filter=length(name,name) eq 1', 400, /length\(…\) takes a text/],
    ['wrong types', "/Observations?$filter=result eq 'loud'", 400, /cannot compare a number with a text/],
    ['a text in arithmetic', '/Things?$filter=name add 1 eq 2', 400, /"add" cannot take a text and a number/],
    ['a filter that is no truth', '/Observations?$filter=result', 400, /must be true or false/],
    ['two filters', '/Things?$filter=true&$filter=true', 400, /\$filter is there twice/],
    ['an open quote', "/Things?$filter=name eq 'x", 400, /no closing quote/],
    ['an open bracket', '/Things?$expand=Datastreams($top=1', 400, /a bracket that nothing closes/],
    ['a strange percent sign', '/Things?$filter=%zz', 400, /percent sign/],
    ['a misspelt option', '/Things?$fliter=true', 400, /There is no option "\$fliter"/],
    ['an option of OData', '/Things?$search=x', 501, /not implemented/],
    ['geography', "/Things?$filter=st_within(Locations/location,geography'POINT (1 1)')", 501, /Geospatial/],
    ['a lambda', "/Things?$filter=Datastreams/any(d:d/name eq 'x')", 501, /not part of SensorThings/],
    ['an unknown format', '/Observations?$resultFormat=XML', 501, /no result format/],
    ['a format for Things', '/Things?$resultFormat=CSV', 400, /for Observations/],
    [
      'an impossible date',
      '/Observations?$filter=phenomenonTime gt 2026-02-30T00:00:00Z',
      400,
      /no such time/
    ],
    ['a strange percent sign in a path', '/Things(%zz)', 400, /is not a valid url component/],
    ['an unknown set', '/Boxes', 404, /There are: Things/],
    ['an id that is none', '/Things(x)', 400, /is no id/],
    ['an id of nobody', '/Things(99)', 404, /none of the Things with the id 99/],
    ['an id too long', `/Observations(${'9'.repeat(40)})`, 404, /no Observation/],
    ['an unknown part of a path', '/Things(99)/colour', 404, /has no "colour"/],
    ['no one of many', '/Things/Datastreams', 404, /Name one of the Things first/],
    ['$value of an entity', '/Things(99)/$value', 400, /\$value stands behind a property/],
    ['a token that is none', '/Things?$skiptoken=x', 400, /comes from a link of ours/],
    ['a token of something else', '/Things?$skiptoken=["a",{"b":1}]', 400, /does not fit this request/],
    ['order by several', '/Things?$orderby=Datastreams/name', 400, /give it no order|give them no order/]
  ])('%s', async (_what, path, status, sentence) => {
    const answer = await sta.ask(path)
    const { code, type, message } = JSON.parse(answer.body) as { code: number; type: string; message: string }
    expect([answer.status, code, type]).toEqual([status, status, 'error'])
    expect(message).toMatch(sentence)
    expect(message).toMatch(/[.)]$/)
  })

  it('quotes and other scripts are texts like any other', async () => {
    const { value } = await sta.get(
      `/Things?$filter=${encodeURIComponent("name ne 'Ünï''çødé ☂ \"quoted\" %'")}`
    )
    expect(value).toHaveLength(3)
    const [row] = (await sta.get("/Things?$filter=properties/streetName eq 'St Mary''s Row'")).value
    expect(row.name).toContain("St Mary's Row")
  })

  it('as many as there are is what a large $top gives', async () => {
    expect((await sta.get('/Things?$top=1000000000')).value).toHaveLength(3)
  })
})

/** `npm run conformance` asks ten thousand; every run of the tests a part of them. */
const queriesAsked = Number(process.env.LAMPPOST_TEST_QUERIES ?? 2_000)

describe('queries that nobody meant', () => {
  const properties = typeNames.flatMap((name) => [
    ...Object.keys(entityTypes[name].properties),
    ...Object.keys(entityTypes[name].links)
  ])
  const word = fc.constantFrom(
    ...properties,
    ...Object.keys(functions),
    ...geographicFunctions,
    ...[
      'eq',
      'ne',
      'gt',
      'ge',
      'lt',
      'le',
      'and',
      'or',
      'not',
      'add',
      'sub',
      'mul',
      'div',
      'mod',
      'asc',
      'desc'
    ],
    ...[
      '(',
      ')',
      ',',
      '/',
      ';',
      '=',
      '-',
      "'",
      "''",
      '*',
      ' ',
      'null',
      'true',
      '1',
      '-1',
      '1e308',
      '0',
      "'text'"
    ],
    ...[
      '2026-11-22T00:00:00Z',
      '2026-11-22',
      '10:00:00',
      "duration'PT1H'",
      'id',
      '@iot.id',
      'constructor',
      '__proto__'
    ],
    ...[
      'name',
      'result',
      'resultQuality/flag',
      'phenomenonTime',
      'Datastream/Thing/name',
      'ä',
      '☂',
      '\u0000',
      '%25',
      '%26'
    ]
  )
  const words = fc.array(word, { maxLength: 12 }).map((all) => all.join(' '))
  const sane = fc.oneof(
    fc.constantFrom(
      'result gt 20',
      'true',
      "name eq 'x'",
      'id gt 3',
      'year(phenomenonTime) eq 2026',
      'result mod 3 eq 1'
    ),
    words
  )
  const option = fc.oneof(
    fc.tuple(
      fc.constantFrom(
        '$filter',
        '$orderby',
        '$select',
        '$expand',
        '$resultFormat',
        '$skiptoken',
        '$ref',
        '$x'
      ),
      sane
    ),
    fc.tuple(fc.constantFrom('$top', '$skip'), fc.oneof(fc.nat(50).map(String), words)),
    fc.tuple(fc.constant('$count'), fc.constantFrom('true', 'false', 'x')),
    fc.tuple(
      fc.constant('$expand'),
      fc.constantFrom(
        'Datastreams($top=1)',
        'Thing',
        'Observations($top=2;$orderby=result)',
        'Datastream/Sensor'
      )
    ),
    fc.tuple(fc.constant('$resultFormat'), fc.constantFrom('dataArray', 'CSV'))
  )
  const segment = fc.oneof(
    fc.constantFrom(...typeNames.map((name) => entityTypes[name].set), ...properties, '$ref', '$value', 'id'),
    fc
      .tuple(
        fc.constantFrom(...typeNames.map((name) => entityTypes[name].set)),
        fc.oneof(fc.nat().map(String), words)
      )
      .map(([set, id]) => `${set}(${id})`),
    words
  )
  const query = fc.record({
    path: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...typeNames.map((name) => `/${entityTypes[name].set}`)) },
      {
        weight: 1,
        arbitrary: fc
          .array(segment, { minLength: 1, maxLength: 5 })
          .map((all) => `/${all.map(encodeURIComponent).join('/')}`)
      }
    ),
    options: fc
      .array(option, { maxLength: 3 })
      .map((all) => all.map(([name, text]) => `${name}=${encodeURIComponent(text)}`).join('&'))
  })

  it('are answered, each of them, without a failure', async () => {
    const seen = new Map<number, number>()
    await fc.assert(
      fc.asyncProperty(fc.array(query, { minLength: 50, maxLength: 50 }), async (asked) => {
        for (const { path, options } of asked) {
          const url = options === '' ? path : `${path}?${options}`
          const { status, body } = await sta.ask(url)
          seen.set(status, (seen.get(status) ?? 0) + 1)
          if (![200, 204, 400, 404, 501].includes(status)) throw new Error(`${url}: ${status} ${body}`)
          if (status >= 400) expect((JSON.parse(body) as { message: string }).message).not.toBe('')
        }
      }),
      { numRuns: Math.ceil(queriesAsked / 50), endOnFailure: true }
    )
    expect([...seen.values()].reduce((a, b) => a + b, 0)).toBeGreaterThanOrEqual(queriesAsked)
    // Many of them mean something, after all.
    expect(seen.get(200)).toBeGreaterThan(queriesAsked / 10)
  }, 600_000)
})
