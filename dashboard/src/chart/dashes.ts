/** Lines of single sensors are told apart by dashes, not by colour; the legend below the chart shows the same dashes. */
export const dashes = [[], [7, 4], [2, 3], [10, 3, 2, 3], [4, 2], [1, 5]] as const
