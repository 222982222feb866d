/** A hundred filters and orders of OGC 18-088, each with the same question in SQL: operators, functions, precedence, null, links. */

export interface Query {
  /** An entity set of the table `things`, `datastreams` or `observations`. */
  of: 'Things' | 'Datastreams' | 'Observations'
  filter?: string
  where?: string
  orderby?: string
  /** The columns of the order, in SQL; each of them is in the answer. */
  order?: string
}

const observations = (filter: string, where: string): Query => ({ of: 'Observations', filter, where })
const things = (filter: string, where: string): Query => ({ of: 'Things', filter, where })
const datastreams = (filter: string, where: string): Query => ({ of: 'Datastreams', filter, where })
const ordered = (
  of: Query['of'],
  orderby: string,
  order: string,
  filter?: string,
  where?: string
): Query => ({
  of,
  orderby,
  order,
  ...(filter !== undefined && { filter, where: where! })
})

export const queries: readonly Query[] = [
  // Comparison.
  observations('result eq 7.25', 'result = 7.25'),
  observations('result ne 7.25', 'result <> 7.25'),
  observations('result gt 40', 'result > 40'),
  observations('result ge 40', 'result >= 40'),
  observations('result lt 3.5', 'result < 3.5'),
  observations('result le 3.5', 'result <= 3.5'),
  observations('40 lt result', 'result > 40'),
  observations('result eq -1', 'result = -1'),
  observations('result gt 4e1', 'result > 40'),
  observations('result eq null', 'result IS NULL'),
  observations('result ne null', 'result IS NOT NULL'),
  observations('resultQuality/flag eq 4', 'flag = 4'),
  observations('resultQuality/flag ne 1', 'flag <> 1'),
  observations("resultQuality/meaning eq 'suspect'", 'flag = 3'),
  observations('resultQuality/nothing eq 1', 'false'),
  observations('resultQuality/nothing eq null', 'true'),
  observations("parameters/device eq 'nobody'", 'false'),

  // Logic and precedence.
  observations('result gt 10 and result lt 20', 'result > 10 AND result < 20'),
  observations('result lt 5 or result gt 45', 'result < 5 OR result > 45'),
  observations('not (result lt 45)', 'NOT (result < 45)'),
  observations('not result lt 45', 'NOT (result < 45)'),
  observations(
    'result lt 5 or result gt 45 and resultQuality/flag eq 1',
    'result < 5 OR (result > 45 AND flag = 1)'
  ),
  observations(
    '(result lt 5 or result gt 45) and resultQuality/flag eq 1',
    '(result < 5 OR result > 45) AND flag = 1'
  ),
  // A comparison with what is not there is false (OData, 5.1.1.1), and not unknown as in SQL.
  observations('not (resultQuality/nothing gt 1)', 'NOT coalesce(NULL > 1, false)'),
  observations(
    'not (result gt 10 and resultQuality/nothing gt 1)',
    'NOT (result > 10 AND coalesce(NULL > 1, false))'
  ),
  observations('resultQuality/nothing gt 1 or result gt 30', 'coalesce(NULL > 1, false) OR result > 30'),
  observations('true', 'true'),
  observations('false or result eq 1', 'result = 1'),
  observations('(result gt 30) eq true', 'result > 30'),
  observations('(result gt 30) ne (resultQuality/flag eq 1)', '(result > 30) <> (flag = 1)'),

  // Arithmetic.
  observations('result add 5 gt 50', 'result + 5 > 50'),
  observations('result sub 5 lt 0', 'result - 5 < 0'),
  observations('result mul 2 ge 98', 'result * 2 >= 98'),
  observations('result div 2 lt 1.5', 'result / 2 < 1.5'),
  observations('result mod 5 eq 0', 'result % 5 = 0'),
  observations('result mod 5 eq 2.5', 'result % 5 = 2.5'),
  observations('-result lt -48', '-result < -48'),
  observations('- (result add 1) lt -48', '-(result + 1) < -48'),
  observations('result add 2 mul 3 eq 10', 'result + 2 * 3 = 10'),
  observations('(result add 2) mul 3 eq 15', '(result + 2) * 3 = 15'),
  observations('result sub 2 sub 1 eq 10', '(result - 2) - 1 = 10'),
  observations('100 div result gt 50 and result gt 0', 'result > 0 AND 100 / result > 50'),
  observations('result div 0 gt 1', 'false'),
  observations('resultQuality/flag mul 10 eq 30', 'flag * 10 = 30'),
  observations('result gt 20 and resultQuality/nothing add 1 gt 0', 'false'),

  // Rounding.
  observations('round(result) eq 8', 'round(result) = 8'),
  observations('floor(result) eq 8', 'floor(result) = 8'),
  observations('ceiling(result) eq 8', 'ceil(result) = 8'),
  observations('round(result sub 20) eq -3', 'round(result - 20) = -3'),
  observations('floor(result sub 20) eq -3', 'floor(result - 20) = -3'),
  observations('round(result) ne floor(result)', 'round(result) <> floor(result)'),

  // Time.
  observations('phenomenonTime ge 2026-11-23T00:00:00Z', "measured >= TIMESTAMP '2026-11-23 00:00:00'"),
  observations(
    'phenomenonTime lt 2026-11-22T01:00:01.250Z',
    "measured < TIMESTAMP '2026-11-22 01:00:01.250'"
  ),
  observations(
    'phenomenonTime eq 2026-11-22T01:00:01.250Z',
    "measured = TIMESTAMP '2026-11-22 01:00:01.250'"
  ),
  observations('phenomenonTime gt 2026-11-23T02:00:00%2B02:00', "measured > TIMESTAMP '2026-11-23 00:00:00'"),
  observations('2026-11-22T06:00:00Z gt phenomenonTime', "measured < TIMESTAMP '2026-11-22 06:00:00'"),
  observations(
    'phenomenonTime gt 2026-11-22T06:00:00Z and phenomenonTime le 2026-11-22T07:00:00Z',
    "measured > TIMESTAMP '2026-11-22 06:00:00' AND measured <= TIMESTAMP '2026-11-22 07:00:00'"
  ),
  observations('resultTime gt 2026-11-23T09:00:00Z', "measured > TIMESTAMP '2026-11-23 09:00:00'"),
  observations(
    'phenomenonTime gt 2026-11-22T06:00:00Z/2026-11-23T08:00:00Z',
    "measured > TIMESTAMP '2026-11-23 08:00:00'"
  ),
  observations('phenomenonTime ge 2026-11-23', "measured >= TIMESTAMP '2026-11-23 00:00:00'"),
  observations('year(phenomenonTime) eq 2026', 'year(measured) = 2026'),
  observations('month(phenomenonTime) ne 11', 'month(measured) <> 11'),
  observations('day(phenomenonTime) eq 23', 'day(measured) = 23'),
  observations('hour(phenomenonTime) eq 9', 'hour(measured) = 9'),
  observations(
    'hour(phenomenonTime) ge 22 or hour(phenomenonTime) lt 6',
    'hour(measured) >= 22 OR hour(measured) < 6'
  ),
  observations('minute(phenomenonTime) eq 30', 'minute(measured) = 30'),
  observations('second(phenomenonTime) eq 1', 'floor(second(measured)) = 1'),
  observations('fractionalseconds(phenomenonTime) eq 0.25', 'epoch_ms(measured) % 1000 = 250'),
  observations('date(phenomenonTime) eq 2026-11-23', "CAST(measured AS DATE) = DATE '2026-11-23'"),
  observations('time(phenomenonTime) lt 06:00:00', "CAST(measured AS TIME) < TIME '06:00:00'"),
  observations('totaloffsetminutes(phenomenonTime) eq 0', 'true'),
  observations('phenomenonTime lt now()', 'true'),
  observations("phenomenonTime ge now() sub duration'PT2H'", "measured >= TIMESTAMP '2026-11-23 08:20:00'"),
  observations(
    "phenomenonTime sub 2026-11-22T00:00:00Z lt duration'PT30M'",
    "measured - TIMESTAMP '2026-11-22 00:00:00' < INTERVAL 30 MINUTE"
  ),
  observations('phenomenonTime gt mindatetime() and phenomenonTime lt maxdatetime()', 'true'),

  // Links, from an Observation.
  observations("Datastream/ObservedProperty/name eq 'PM2.5'", "label = 'PM2.5'"),
  observations(
    "Datastream/Thing/properties/street eq 'mill-lane' and result gt 30",
    "street = 'mill-lane' AND result > 30"
  ),
  observations("Datastream/unitOfMeasurement/symbol ne '%25'", "unit <> '%'"),
  observations("FeatureOfInterest/name eq 'St Mary''s Row'", "streetName = 'St Mary''s Row'"),
  observations(
    "Datastream/Thing/name eq 'Mill Lane 1' or result gt 48 and Datastream/Thing/Locations/name ne 'Mill Lane'",
    "thing = 'Mill Lane 1' OR (result > 48 AND streetName <> 'Mill Lane')"
  ),
  observations("startswith(Datastream/name,'PM2.5') and result lt 5", "label = 'PM2.5' AND result < 5"),

  // Texts.
  things("name eq 'Mill Lane 2'", "thing = 'Mill Lane 2'"),
  things("substringof('Mary''s',name)", "contains(thing, 'Mary''s')"),
  things("startswith(name,'Mill')", "starts_with(thing, 'Mill')"),
  things("endswith(name,'1')", "ends_with(thing, '1')"),
  things('length(name) eq 11', 'length(thing) = 11'),
  things("indexof(name,'Lane') eq 5", "strpos(thing, 'Lane') - 1 = 5"),
  things("indexof(name,'nowhere') eq -1", "strpos(thing, 'nowhere') - 1 = -1"),
  things("substring(name,5) eq 'Lane 1'", "substr(thing, 6) = 'Lane 1'"),
  things("substring(name,5,4) eq 'Lane'", "substr(thing, 6, 4) = 'Lane'"),
  things("tolower(name) eq 'mill lane 1'", "lower(thing) = 'mill lane 1'"),
  things("toupper(properties/street) eq 'MILL-LANE'", "upper(street) = 'MILL-LANE'"),
  things("trim(concat('  ',name)) eq 'Mill Lane 1'", "trim(concat('  ', thing)) = 'Mill Lane 1'"),
  things(
    "concat(concat(name,' on '),properties/streetName) eq 'Mill Lane 2 on Mill Lane'",
    "thing = 'Mill Lane 2'"
  ),
  things("name gt 'Mill Lane 1'", "thing > 'Mill Lane 1'"),
  things("Locations/name eq 'Mill Lane'", "streetName = 'Mill Lane'"),
  things("Datastreams/ObservedProperty/name eq 'Humidity' and startswith(Datastreams/name,'PM2.5')", 'false'),
  datastreams(
    "Thing/Datastreams/ObservedProperty/name eq 'PM2.5' and properties/quantity eq 'laeq'",
    "quantity = 'laeq'"
  ),
  datastreams('properties/unauthenticated eq false', 'true'),
  datastreams(
    'phenomenonTime gt 2026-11-21T00:00:00Z and length(properties/quantity) gt 4',
    'length(quantity) > 4'
  ),

  // Orders.
  ordered('Observations', 'result', 'result'),
  ordered('Observations', 'result desc', 'result DESC'),
  ordered('Observations', 'phenomenonTime desc', 'measured DESC'),
  ordered('Observations', 'resultQuality/flag desc,result asc', 'flag DESC, result ASC'),
  ordered(
    'Observations',
    'result mod 7 desc,phenomenonTime',
    'result % 7 DESC, measured',
    'result gt 20',
    'result > 20'
  ),
  ordered(
    'Observations',
    'Datastream/Thing/name desc,result',
    'thing DESC, result',
    'resultQuality/flag eq 3',
    'flag = 3'
  ),
  ordered('Things', 'name desc', 'thing DESC'),
  ordered('Things', 'length(name),name desc', 'length(thing), thing DESC'),
  ordered('Datastreams', 'properties/quantity desc,Thing/name', 'quantity DESC, thing')
]
