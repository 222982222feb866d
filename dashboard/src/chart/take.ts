/** What makes the files of a chart, loaded when somebody takes one. */
export { chartCsv } from './chart-csv.ts'
export { chartSvg } from './chart-svg.ts'
export { save, svgToPng } from './save.ts'
