import type { ScenarioFile } from '../scenario.ts'

/**
 * A made-up motorway of 1,150 km from southern Hunan to northern Henan. No real road: the waypoints are sums of
 * sines around a straight line, with latitudes and bends as a real one there would have them.
 */
export const line1150: ScenarioFile['road'] = {
  id: 'line-1150',
  name: '合成干线1150',
  waypoints: [
    [25.6, 113.2714],
    [25.9792, 113.6504],
    [26.3583, 113.5137],
    [26.7375, 113.4441],
    [27.1167, 113.2451],
    [27.4958, 112.8128],
    [27.875, 112.8992],
    [28.2542, 113.144],
    [28.6333, 113.0963],
    [29.0125, 113.2216],
    [29.3917, 113.1511],
    [29.7708, 112.7257],
    [30.15, 112.7551],
    [30.5292, 113],
    [30.9083, 113.1288],
    [31.2875, 113.5788],
    [31.6667, 113.8146],
    [32.0458, 113.5253],
    [32.425, 113.4471],
    [32.8042, 113.4003],
    [33.1833, 113.2414],
    [33.5625, 113.545],
    [33.9417, 113.7736],
    [34.3208, 113.5285],
    [34.7, 113.4098],
  ],
  halfWidthM: 200,
  limits: [{ fromKm: 0, toKm: 1150, dayKmh: 100, nightKmh: 80, roadClass: 'motorway' }],
}

export const syntheticOrigin = 'Synthetic: road, places, plate, cards and times are made up.'
