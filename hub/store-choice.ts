/** Where the readings of a data folder are, by what lies in it; a folder is not silently begun anew with another store. */
import { existsSync } from 'node:fs'
import { DataFolderError, type DataFolder } from './data-folder.ts'
import type { InfluxSettings, StoreChoice } from '../store/open.ts'

/** `influx` are the settings where readings are to be kept there. */
export function storeChoiceOf(
  { path, readingsFile, influxFile }: Pick<DataFolder, 'path' | 'readingsFile' | 'influxFile'>,
  influx: InfluxSettings | null
): StoreChoice {
  if (influx === null) {
    if (existsSync(influxFile) && !existsSync(readingsFile)) {
      throw new DataFolderError(
        'unusable',
        `The readings of ${path} are in InfluxDB. Set LAMPPOST_STORE=influx, or move them to DuckDB first: ` +
          'npx lamppost migrate --from influx --to duckdb'
      )
    }
    return { kind: 'duckdb', readingsFile }
  }
  if (existsSync(readingsFile) && !existsSync(influxFile)) {
    throw new DataFolderError(
      'unusable',
      `The readings of ${path} are in its readings.duckdb. Remove the LAMPPOST_STORE setting, or move them first: ` +
        'npx lamppost migrate --from duckdb --to influx'
    )
  }
  return { kind: 'influx', stateFile: influxFile, settings: influx }
}
