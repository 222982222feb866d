/** Water in the air: what couples temperature, dew point and humidity, outdoors and in. */

/** Saturation vapour pressure over water in hPa; Magnus form with the coefficients of Sonntag (1990). */
export function saturationHpa(temperatureC: number): number {
  return 6.112 * Math.exp((17.62 * temperatureC) / (243.12 + temperatureC))
}

/** Relative humidity in % of air with this dew point. */
export function humidityPct(temperatureC: number, dewPointC: number): number {
  return (100 * saturationHpa(dewPointC)) / saturationHpa(temperatureC)
}

/** Grams of water in a cubic metre of saturated air (ideal gas; 216.7 g K / (hPa m³)). */
export function saturatedVapourGm3(temperatureC: number): number {
  return (216.7 * saturationHpa(temperatureC)) / (273.15 + temperatureC)
}
